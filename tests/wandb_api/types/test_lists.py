"""Pages: nothing is skipped or shown twice, whatever changes meanwhile; counting on demand."""

from __future__ import annotations

import base64
import json

import pytest

from accounts.errors import Invalid
from registries.models import Collection, Version
from registries.operations.sources import delete_sequence
from tests.personas import caller_of
from tests.things import log
from wandb_api.orders import OF_VERSIONS
from wandb_api.types.lists import MOST, Connection

LIST = """
query Q($after: String, $first: Int) {
  project(name: "zoo_experiment", entityName: "smle-reg-team-2") {
    artifactCollections(after: $after, first: $first, order: "+name") {
      totalCount
      edges { cursor node { name } }
      pageInfo { endCursor hasNextPage startCursor hasPreviousPage }
    }
  }
}
"""


@pytest.fixture
def five(member, project):
    for name in "abcde":
        log(member, project, name, name=name)


def page(ask, member, **variables):
    answer = ask(member, LIST, **variables)
    assert answer.status == 200, answer.sentences
    return answer.data["project"]["artifactCollections"]


def test_pages_follow_each_other_without_gap_or_twin(ask, member, five):
    names, after = [], None
    for _ in range(3):
        found = page(ask, member, after=after, first=2)
        assert found["totalCount"] == 5
        names += [edge["node"]["name"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        assert found["edges"][-1]["cursor"] == after
    assert names == list("abcde")
    assert found["pageInfo"]["hasNextPage"] is False


def test_a_cursor_serves_another_page_size(ask, member, five):
    after = page(ask, member, first=1)["pageInfo"]["endCursor"]
    found = page(ask, member, after=after, first=100)
    assert [edge["node"]["name"] for edge in found["edges"]] == list("bcde")
    assert found["pageInfo"]["hasPreviousPage"] is True


def test_past_the_end_there_is_nothing_more(ask, member, five):
    last = page(ask, member, first=10)["pageInfo"]["endCursor"]
    found = page(ask, member, after=last, first=10)
    assert (found["edges"], found["pageInfo"]["hasNextPage"]) == ([], False)
    assert found["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize("first", [0, -1, -(2**31), 2**31 - 1])
def test_odd_page_sizes_give_a_page(ask, member, five, first):
    assert len(page(ask, member, first=first)["edges"]) == (5 if first > 0 else 0)


def test_what_comes_and_goes_meanwhile_moves_nothing_out_of_the_next_page(
    ask, member, project, five
):
    after = page(ask, member, first=2)["pageInfo"]["endCursor"]
    log(member, project, "new", name="aa")
    b = Collection.objects.get(project=project, name="b")
    delete_sequence(caller_of(member), b, delete_aliases=True)
    found = page(ask, member, after=after, first=2)
    assert [edge["node"]["name"] for edge in found["edges"]] == ["c", "d"]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("gone", ["a", "b", "c", "ab"])
def test_what_goes_while_a_page_is_read_ends_no_list(member, project, five, size, gone):
    """Between the statement that reads which rows are on a page and the one that reads them."""
    rows = Collection.objects.order_by("name", "pk")
    leaving = [Collection.objects.get(project=project, name=name) for name in gone]

    def whole(of_page):
        while leaving:
            delete_sequence(caller_of(member), leaving.pop(), delete_aliases=True)
        return of_page

    seen, page, after = [], None, None
    while page is None or page.pageInfo.hasNextPage:
        page = Connection(rows, lambda row: row.name, first=size, after=after, whole=whole)
        seen += [edge.node for edge in page.edges]
        after = page.pageInfo.endCursor
    assert seen == [name for name in "abcde" if name not in gone]


@pytest.mark.parametrize("order", sorted({*OF_VERSIONS.values()}))
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_of_versions_is_paged_without_gap_or_twin(member, project, five, order, sign):
    rows = Version.objects.order_by(sign + order, sign + "pk")
    found, after = [], None
    for _ in range(len(rows)):
        one = Connection(rows, lambda row: row, first=1, after=after)
        found += [edge.node for edge in one.edges]
        after = one.pageInfo.endCursor
    assert (found, one.pageInfo.hasNextPage) == (list(rows), False)


def told(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


ELSEWHERE = {
    "no_cursor": "x",
    "negative": "-1",
    "fraction": "1.5",
    "long": "9" * 5000,
    "space": "1 ",
    "letters": "ü",
    "no_list": "MQ==",
    "too_few": told("a"),
    "too_many": told("a", 1, 1),
    "no_id": told("a", "b"),
    "object": told({"a": 1}, 1),
    "nothing": told(None, None),
    "nul": told("a\0", 1),
    "half_a_character": told("\ud800", 1),
    "nested": base64.urlsafe_b64encode(b"[" * 2500).decode(),
}


def test_a_number_beyond_every_id_ends_the_list(ask, member, five):
    assert page(ask, member, after=told("e", 10**30))["edges"] == []


@pytest.mark.parametrize("after", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_cursor_made_elsewhere_is_refused(ask, member, five, after):
    answer = ask(member, LIST, after=after)
    assert (answer.status, answer.sentence) == (422, "This cursor was not made here.")


@pytest.mark.parametrize(
    "time",
    [
        "2020-01-01",
        "2020-01-01T00:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "yesterday",
        20200101,
    ],
)
def test_a_cursor_with_no_time_in_the_place_of_one_is_refused(five, time):
    rows = Collection.objects.order_by("created_at", "pk")
    with pytest.raises(Invalid):
        Connection(rows, lambda row: row, after=told(time, 1))


def test_a_page_has_at_most_a_thousand_rows():
    assert len(Connection(list(range(5000)), lambda row: row, first=5000).edges) == MOST


def test_a_page_of_rows_takes_one_query_and_the_count_one_more(five, django_assert_num_queries):
    rows = Collection.objects.order_by("name", "pk")
    with django_assert_num_queries(1):
        found = Connection(rows, lambda row: row, first=2)
    with django_assert_num_queries(1):
        assert found.totalCount() == 5


def test_a_bad_cursor_is_refused_before_any_query(django_assert_num_queries, db):
    for rows in (Collection.objects.all(), Collection.objects.order_by("name", "pk")):
        with django_assert_num_queries(0), pytest.raises(Invalid):
            Connection(rows, lambda row: row, after="x")
