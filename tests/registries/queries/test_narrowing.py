"""What an address says of a list, and what it says of none."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from registries.queries.narrowing import Names, Narrowing

SORTS = {"name": ("Name", ("name",)), "newest": ("Newest", ("-pk",))}


def read(address: str, names: Names | None = None) -> Narrowing:
    return Narrowing.read(
        QueryDict(address), SORTS, names or Names(), role=("admin", "member"), owner=None
    )


def test_an_address_that_says_nothing_asks_for_the_usual_order_of_all():
    wanted = read("")
    assert (wanted.order, wanted.query) == (("name",), "")
    assert not wanted.narrows


@pytest.mark.parametrize(
    "address", ["sort=unknown", "role=king", "sort=&role=", "filter=%00", "filter=%E2%80%8D"]
)
def test_what_is_unknown_is_passed_over(address):
    assert not read(address).query


def test_an_order_alone_narrows_nothing():
    wanted = read("sort=newest")
    assert (wanted.order, wanted.query, wanted.narrowed) == (("-pk",), "sort=newest", "")


def test_all_of_it_stands_in_the_address_again():
    address = "filter=a%26b&role=admin&owner=us&sort=newest"
    wanted = read(f"{address}&page=3")
    assert wanted.query == address
    assert read(wanted.query) == read(address)
    assert wanted.at(3) == f"?{address}&page=3"
    assert read("").at(1) == "?page=1"


def test_a_second_list_of_a_page_has_names_of_its_own():
    names = Names("key", "key-sort", "keys")
    wanted = read("filter=x&sort=newest&page=9&key=a&keys=2", names)
    assert (wanted.term.text, wanted.sort, wanted.page) == ("a", "name", "2")
    assert wanted.at(2) == "?key=a&keys=2"


def test_an_endless_choice_is_cut():
    assert len(read(f"owner={'x' * 5_000}").chosen["owner"]) < 200
