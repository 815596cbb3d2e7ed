from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.errors import Invalid
from accounts.names import check_entity_name, fold, valid_entity_name
from registries.models import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What addresses may one day begin with.
PLANNED = ("admin", "docs", "login", "robots.txt", "favicon.ico", "static")
ENTITY = "<entity:entity>"


def first_segments() -> set[str]:
    """What the addresses of the product begin with, but for those that begin with an entity."""
    routes = {str(pattern.pattern) for pattern in resolved(get_resolver().url_patterns)}
    return {route.partition("/")[0] for route in routes} - {"", ENTITY}


def resolved(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Those an address is first compared with: included lists without a prefix are looked into."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "":
            yield from resolved(pattern.url_patterns)
        else:
            yield pattern


@pytest.mark.parametrize("name", ["a", "7", "Smle-Reg", "a.b_c-d", "x" * 64, "smle-reg-team-2"])
def test_letters_digits_dots_dashes_and_underscores_make_a_name(name):
    assert valid_entity_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 65,
        ".hidden",
        "-dash",
        "_under",
        "two words",
        "a/b",
        "a:b",
        "zoë",
        "ｓｍｌｅ",
        "a\n",
        "a\x00",
        "a\u202eb",
        "..",
    ],
)
def test_anything_else_is_no_name(name):
    with pytest.raises(Invalid) as refusal:
        valid_entity_name(name)
    assert refusal.value.field == "name"


def test_the_first_segments_of_our_addresses_are_nobodys_name_in_any_case(subtests):
    segments = first_segments()
    assert {"orgs", "graphql", "accounts", "healthz", "storage"} <= segments
    for name in sorted(segments | {*PLANNED, "ADMIN", "Graphql"}):
        with subtests.test(name), pytest.raises(Invalid) as refusal:
            valid_entity_name(name)
        assert refusal.value.code == "entity_name_reserved", name


def test_a_form_of_django_hears_the_same_sentence():
    with pytest.raises(ValidationError, match="used in our addresses"):
        check_entity_name("admin")
    check_entity_name("mira")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("production", "PRODUCTION"),
        ("production", "ＰＲＯＤＵＣＴＩＯＮ"),
        ("v1", "ｖ１"),
        ("ς", "Σ"),
        ("σ", "ς"),
        ("file", "ﬁle"),
        ("straße", "STRASSE"),
        ("caf\u00e9", "cafe\u0301"),
        ("k", "\u212a"),
        ("v2", "v²"),
        ("production", "pro\u200dduction"),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_names_that_look_alike_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("production", "produсtion"), ("i", "ı"), ("a b", "ab"), ("é", "e")]
)
def test_names_of_other_letters_stay_apart(one, other):
    assert fold(one) != fold(other)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(st.text())
def test_folding_twice_is_folding_once_and_is_blind_to_composition(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_a_folded_column_is_kept_right_by_every_save(version):
    collection = version.collection
    collection.name = "ＺＯＯ"
    collection.save()
    collection.refresh_from_db()
    assert collection.folded == "zoo"


def test_the_longest_folding_fits_its_column():
    """One ligature becomes eighteen characters."""
    column = Collection._meta.get_field("folded")
    assert len(fold("\ufdfa" * 128)) <= column.max_length
