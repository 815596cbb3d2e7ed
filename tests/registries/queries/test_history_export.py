"""The history as a file: the same rows, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse

from registries.operations.aliases import add_aliases
from registries.operations.edits import edit_version
from registries.queries import history_export, history_filter
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import put


@pytest.fixture
def history(second_version, protected_version, member):
    add_aliases(caller_of(member), second_version, ["=1+1", "candidate"])
    edit_version(caller_of(member), second_version, add_tags=["-1"])


def exported(user, name="export-collection-history", at=COLLECTION, **query):
    page = Browser(user).client.get(reverse(name, kwargs=at), query)
    assert page.status_code == 200
    return page, page.getvalue().decode()


def test_json_has_every_event_newest_first(history, viewer):
    page, text = exported(viewer, format="json")
    rows = json.loads(text)
    assert page["Content-Type"] == "application/json"
    assert 'filename="Model-Zoo_Classifier_Models-history.json"' in page["Content-Disposition"]
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    added = next(row for row in rows if row["alias"] == "candidate")
    assert (added["kind"], added["who"], added["way"]) == ("alias.added", "member", "web")
    assert (added["version"], added["from_version"], added["alias_counter"]) == ("v1", None, 1)


def test_csv_says_the_same(history, viewer):
    rows = json.loads(exported(viewer, format="json")[1])
    page, text = exported(viewer)
    cells = list(csv.DictReader(io.StringIO(text)))
    assert page["Content-Type"].startswith("text/csv")
    assert [cell["id"] for cell in cells] == [str(row["id"]) for row in rows]
    assert cells[0]["version"] == "v1"


def test_what_does_not_stand_in_the_first_piece_follows(history, viewer, monkeypatch):
    whole = exported(viewer)[1]
    for first in (1, 3, 1_000):
        monkeypatch.setattr(history_export, "READ_FIRST", first)
        assert exported(viewer)[1] == whole


def test_no_cell_is_a_formula(history, viewer):
    cells = list(csv.reader(io.StringIO(exported(viewer)[1])))
    texts = [cell for row in cells for cell in row if cell]
    assert "'=1+1" in texts
    assert "'-1" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_the_filter_of_the_page_is_the_filter_of_the_file(history, viewer):
    rows = json.loads(exported(viewer, format="json", alias="cand", kind="alias")[1])
    assert [row["alias"] for row in rows] == ["candidate"]
    assert json.loads(exported(viewer, format="json", until="2000-01-01")[1]) == []


def told(user, name, at, **query):
    page = Browser(user).get(name, query, **at)
    return [node.text for node in page.root.all("span", class_="timeline__text")]


@pytest.mark.parametrize("most", [history_filter.MOST_NAMES, 0])
@pytest.mark.parametrize(("place", "at"), [("collection", COLLECTION), ("registry", CORE)])
def test_an_alias_is_looked_for_in_the_file_as_on_the_page(
    place, at, most, version, member, viewer, subtests, monkeypatch
):
    """With whatever letters, whether the aliases that fit are few or too many to be named."""
    monkeypatch.setattr(history_filter, "MOST_NAMES", most)
    put(member, version, "Übung", "ßtag", "Ａlpha")
    for term in ("ÜB", "üb", "u\u0308b", "U\u0308b", "SSt", "ß", "alpha", "lpha", "\u200d"):
        with subtests.test(ascii(term)):
            sentences = told(viewer, f"{place}-history", at, alias=term)
            file = exported(viewer, f"export-{place}-history", at, alias=term, format="json")[1]
            assert len(json.loads(file)) == len(sentences)
            if most:
                assert sentences
    assert told(viewer, f"{place}-history", at, alias="U\u0308b")


def test_a_registry_tells_of_all_its_collections(history, viewer):
    rows = json.loads(exported(viewer, "export-registry-history", CORE, format="json")[1])
    assert {"registry.created", "alias.protected", "version.linked"} <= {
        row["kind"] for row in rows
    }


def test_a_source_the_reader_may_not_see_is_not_named(history, viewer, member):
    def sources(user):
        rows = json.loads(exported(user, format="json")[1])
        return {row["subject"] for row in rows if row["kind"] == "version.linked"}

    assert sources(viewer) == {None}
    assert sources(member) == {"zoo_dataset:v0", "zoo_dataset:v1"}


def test_another_format_is_not_there(history, viewer):
    page = Browser(viewer).get("export-collection-history", {"format": "x"}, **COLLECTION)
    assert page.status == 404
