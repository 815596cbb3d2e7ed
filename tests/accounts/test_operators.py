"""What the pages for operators make of what is asked in their addresses and forms."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.people import create_user
from accounts.operators import OperatorAdmin

NO_KEYS = ("abc", "1.5", "\0", "9" * 23, "")
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


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_an_action_on_what_can_be_no_row_does_nothing_and_says_that_nothing_was_chosen(
    staff, key, confirmed
):
    for label, page in PAGES.items():
        for action in page.actions:
            chosen = {"action": action.__name__, ACTION_CHECKBOX_NAME: key}
            answer = staff.post(address(label), chosen | confirmed, follow=True)
            assert answer.status_code == 200, label
            assert "Items must be selected" in answer.content.decode(), label


def test_an_action_is_asked_about_the_rows_that_there_are_beside_keys_of_none(staff, somebody):
    chosen = {"action": "deactivate", ACTION_CHECKBOX_NAME: [*NO_KEYS, str(somebody.pk)]}
    question = staff.post(address("accounts.User"), chosen).content.decode()
    assert "1 row of users" in question
    assert f'value="{somebody.pk}"' in question


@pytest.mark.parametrize("key", [key for key in NO_KEYS if key])
def test_the_address_of_a_row_that_cannot_be_leads_to_the_front_page_which_says_so(staff, key):
    for label in PAGES:
        answer = staff.get(f"{address(label)}{quote(key)}/", follow=True)
        assert answer.redirect_chain, label
        assert answer.status_code == 200, label
        assert "doesn’t exist" in answer.content.decode(), label


@pytest.mark.parametrize(
    "lookup", ["id__range", "id__regex", "username__iregex", "username__regex", "last_login__year"]
)
@pytest.mark.parametrize("value", ["1", "(", "["])
def test_a_list_is_narrowed_by_no_pattern_and_no_span(staff, lookup, value):
    assert staff.get(address("accounts.User"), {lookup: value}).status_code == 400


@pytest.mark.parametrize(
    ("label", "lookup", "value"),
    [
        ("accounts.User", "id__in", "1," + "9" * 23),
        ("accounts.User", "username", "some\0body"),
        ("accounts.User", "username__icontains", "\0"),
        ("accounts.User", "date_joined__gte", "0001-01-01T00:00:00+14:00"),
        ("accounts.ApiKey", "user", "9" * 23),
        ("accounts.ApiKey", "user__gte", "9" * 23),
        ("artifacts.StorageUse", "pk", "9" * 23),
        ("accounts.User", "nothing_of_this_name", "1"),
    ],
)
def test_a_list_narrowed_by_what_no_row_can_hold_leads_back_to_the_whole(
    staff, label, lookup, value
):
    answer = staff.get(address(label), {lookup: value})
    assert answer.status_code == 302
    assert staff.get(answer["Location"]).status_code == 200


def test_a_list_is_narrowed_by_dates_numbers_and_beginnings(staff, somebody):
    row = f"/user/{somebody.pk}/"
    for lookup, value in [
        ("id", str(somebody.pk)),
        ("id__in", f"{somebody.pk},0"),
        ("id__gte", str(somebody.pk)),
        ("pk__lte", str(somebody.pk)),
        ("username__istartswith", "SOME"),
        ("username__contains", "body"),
        ("last_login__isnull", "1"),
        ("date_joined__gte", "2020-01-01T00:00:00Z"),
        ("is_active", "True"),
    ]:
        assert row in staff.get(address("accounts.User"), {lookup: value}).content.decode(), lookup


def test_json_is_narrowed_by_in_no_database(staff):
    happenings = address("automations.Happening")
    assert staff.get(happenings, {"facts__contains": "a"}).status_code == 400
