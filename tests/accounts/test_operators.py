"""What lists of the pages for operators may be narrowed by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import create_user
from accounts.operators import OperatorAdmin

PAGES = {model._meta.label: page for model, page in admin.site._registry.items()}


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(create_user(OPERATOR, "operator", is_staff=True))
    return client


@pytest.fixture
def somebody(db) -> User:
    return create_user(OPERATOR, "somebody", password="nobody guesses this one")


def address(label: str) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_changelist")


def hidden_lookups() -> Iterator[tuple[str, str]]:
    """Every way from a row of a list to a column that no page shows, over at most two relations."""
    for label, page in PAGES.items():
        for way, end in ways(page.model, 2):
            yield from ((label, "__".join([*way, column])) for column in hidden_columns(end))


def ways(model: type[Model], most: int) -> Iterator[tuple[list[str], type[Model]]]:
    yield [], model
    for relation in model._meta.get_fields() if most else ():
        if isinstance(relation.related_model, type):
            names = {relation.name, "pk"} if relation == model._meta.pk else {relation.name}
            for way, end in ways(relation.related_model, most - 1):
                yield from (([name, *way], end) for name in names)


def hidden_columns(model: type[Model]) -> set[str]:
    page = PAGES.get(model._meta.label)
    shown = page.columns if isinstance(page, OperatorAdmin) else []
    return {column.name for column in model._meta.concrete_fields if column not in shown}


def test_no_list_tells_by_narrowing_it_what_is_in_a_column_that_is_not_shown():
    lookups = set(hidden_lookups())
    assert ("accounts.User", "password") in lookups
    assert ("accounts.ApiKey", "user__password") in lookups
    assert ("artifacts.StorageUse", "pk__user__password") in lookups
    assert ("accounts.User", "authenticator__data") in lookups
    told = {
        (label, lookup)
        for label, lookup in lookups
        for comparison in ("", "__startswith", "__isnull")
        if PAGES[label].lookup_allowed(f"{lookup}{comparison}", "a")
    }
    assert not told


@pytest.mark.parametrize(
    ("label", "lookup"),
    [
        ("accounts.User", "password__startswith"),
        ("accounts.ApiKey", "user__password__startswith"),
        ("artifacts.StorageUse", "pk__user__password__startswith"),
    ],
)
def test_a_list_is_not_narrowed_by_the_hash_of_a_password(staff, somebody, label, lookup):
    assert staff.get(address(label), {lookup: somebody.password[:20]}).status_code == 400


def test_a_list_is_narrowed_by_what_it_shows(staff, somebody):
    names = {
        name: staff.get(address("accounts.User"), {"username": name}).content.decode()
        for name in ("somebody", "operator")
    }
    row = f"/user/{somebody.pk}/"
    assert row in names["somebody"]
    assert row not in names["operator"]
    assert staff.get(address("artifacts.StoredFile"), {"sha256": "0" * 64}).status_code == 200
