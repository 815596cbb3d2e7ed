"""Filters in the manner of Mongo: every operator, every field, and whatever else is sent."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import product
from operator import ge, gt, le, lt

import pytest
from django.db import connection, transaction

from accounts.errors import Invalid
from artifacts.models import Run
from automations.conditions import DEEPEST, LARGEST, MOST_NODES
from automations.models import Automation
from registries.models import Collection, Registry, Version
from registries.operations.collections import create_collection, edit_collection
from registries.operations.registries import create_registry
from tests.personas import caller_of
from tests.things import link, log
from wandb_api.filter_fields import (
    FIELDS_OF_AUTOMATIONS,
    FIELDS_OF_COLLECTIONS,
    FIELDS_OF_REGISTRIES,
    FIELDS_OF_RUNS,
    FIELDS_OF_VERSIONS,
)
from wandb_api.filters import LOOKUPS, filtered

LONG_AGO, FAR_AHEAD = "2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"
FIELDS = {
    Registry: FIELDS_OF_REGISTRIES,
    Collection: FIELDS_OF_COLLECTIONS,
    Version: FIELDS_OF_VERSIONS,
    Run: FIELDS_OF_RUNS,
    Automation: FIELDS_OF_AUTOMATIONS,
}


def found(model, filter_):
    text = filter_ if isinstance(filter_, str) else json.dumps(filter_)
    rows = filtered(model.objects.order_by("pk"), text, FIELDS[model])
    return [str(row) for row in rows]


@pytest.fixture
def zoo(member, org_admin, project, registry, organization):
    """Collections a, b (described, tagged) and c; the versions of `logs` have rows 0, 1, 2."""
    create_registry(caller_of(org_admin), organization, "Sounds", description="heard")
    for number in range(3):
        metadata = {"rows": number, "of": {"kind": "even" if number % 2 == 0 else "odd"}}
        tags = [f"tag-{number}", "every"]
        log(member, project, str(number), name="logs", metadata=metadata, tags=tags)
    first = Version.objects.order_by("pk")[0].artifact
    link(member, first, registry, "chosen", "loud", name="a")
    tagged = link(member, first, registry, name="b").collection
    empty = link(member, first, registry, name="c").collection
    edit_collection(caller_of(member), empty, description="")
    edit_collection(caller_of(member), tagged, description="of the sea", add_tags=["deep"])


LOGS = ["logs:v0", "logs:v1", "logs:v2"]


COLLECTIONS = [
    ({"name": "a"}, ["a"]),
    ({"name": {"$eq": "a"}}, ["a"]),
    ({"name": {"$ne": "a"}}, ["logs", "b", "c"]),
    ({"name": {"$gt": "b"}}, ["logs", "c"]),
    ({"name": {"$gte": "b"}}, ["logs", "b", "c"]),
    ({"name": {"$lt": "b"}}, ["a"]),
    ({"name": {"$lte": "b"}}, ["a", "b"]),
    ({"name": {"$gt": "a", "$lt": "c"}}, ["b"]),
    ({"name": {"$in": ["a", "c"]}}, ["a", "c"]),
    ({"name": {"$in": []}}, []),
    ({"name": {"$nin": ["a", "c"]}}, ["logs", "b"]),
    ({"name": {"$regex": "^[ab]$"}}, ["a", "b"]),
    ({"name": {"$contains": "OG"}}, ["logs"]),
    ({"name": {"$not": {"$in": ["a", "c"]}}}, ["logs", "b"]),
    ({"name": "a", "type": "dataset"}, ["a"]),
    ({"name": "a", "type": "model"}, []),
    ({"$and": [{"name": "a"}, {"name": "b"}]}, []),
    ({"$or": [{"name": "a"}, {"name": "b"}]}, ["a", "b"]),
    ({"$nor": [{"name": "a"}, {"name": "b"}]}, ["logs", "c"]),
    ({"$not": {"name": "a"}}, ["logs", "b", "c"]),
    ({"$or": [{"$and": [{"name": "a"}, {"$not": {"name": "b"}}]}]}, ["a"]),
    ({"$or": [{"name": "a"}, {}]}, ["logs", "a", "b", "c"]),
    ({"$or": [{}, {"name": "a"}]}, ["logs", "a", "b", "c"]),
    ({"$or": [{"$and": []}]}, ["logs", "a", "b", "c"]),
    ({"$and": [{}, {"name": "a"}]}, ["a"]),
    ({"$nor": [{}]}, []),
    ({"$nor": [{"name": "a"}, {}]}, []),
    ({"$not": {}}, []),
    ({"$not": {"$or": [{}]}}, []),
    ({"$not": {"$not": {}}}, ["logs", "a", "b", "c"]),
    ({"name": {"$not": {}}}, []),
    ({"description": None}, ["logs", "a"]),
    ({"description": {"$in": [None]}}, ["logs", "a"]),
    ({"description": {"$in": [None, "of the sea"]}}, ["logs", "a", "b"]),
    ({"description": {"$in": [None, ""]}}, ["logs", "a", "c"]),
    ({"description": {"$nin": [None]}}, ["b", "c"]),
    ({"description": {"$nin": [None, "of the sea"]}}, ["c"]),
    ({"description": {"$nin": ["of the sea"]}}, ["logs", "a", "c"]),
    ({"description": {"$not": {"$gt": "a"}}}, ["logs", "a", "c"]),
    ({"tag": None}, ["logs", "a", "c"]),
    ({"tag": {"$in": [None]}}, ["logs", "a", "c"]),
    ({"tag": {"$in": [None, "deep"]}}, ["logs", "a", "b", "c"]),
    ({"tag": {"$nin": [None]}}, ["b"]),
    ({"tag": {"$nin": [None, "deep"]}}, []),
    ({"description": {"$exists": True}}, ["b", "c"]),
    ({"description": {"$exists": False}}, ["logs", "a"]),
    ({"tag": "deep"}, ["b"]),
    ({"tag": {"$ne": "deep"}}, ["logs", "a", "c"]),
    ({"tag": {"$exists": True}}, ["b"]),
    ({"created_at": {"$gt": LONG_AGO}}, ["logs", "a", "b", "c"]),
    ({"updated_at": {"$gt": FAR_AHEAD}}, []),
    ({"id": -1}, []),
    ({"artifact_collection_id": {"$gte": 0}}, ["logs", "a", "b", "c"]),
    ({}, ["logs", "a", "b", "c"]),
]


def test_collections(zoo, subtests):
    for filter_, expected in COLLECTIONS:
        with subtests.test(str(filter_)):
            assert found(Collection, filter_) == expected


VERSIONS = [
    ({"version": 1}, ["logs:v1"]),
    ({"version": "v1"}, ["logs:v1"]),
    ({"version": {"$gte": 1}}, ["logs:v1", "logs:v2"]),
    ({"alias": {"$in": [None, "loud"]}}, ["logs:v0", "logs:v1", "a:v0"]),
    ({"version": {"$in": ["v1", 2]}}, ["logs:v1", "logs:v2"]),
    ({"alias": "loud"}, ["a:v0"]),
    ({"$and": [{"alias": "loud"}, {"alias": "chosen"}]}, ["a:v0"]),
    ({"alias": {"$nin": ["latest"]}}, ["logs:v0", "logs:v1"]),
    ({"alias": {"$exists": False}}, ["logs:v0", "logs:v1"]),
    ({"tag": "tag-2"}, ["logs:v2"]),
    ({"tag": {"$regex": "-[12]$"}}, ["logs:v1", "logs:v2"]),
    ({"metadata.rows": 1}, ["logs:v1"]),
    ({"metadata.rows": {"$gt": 0}}, ["logs:v1", "logs:v2"]),
    ({"metadata.of.kind": "odd"}, ["logs:v1"]),
    ({"metadata.nowhere": {"$exists": True}}, []),
    ({"created_at": {"$lte": FAR_AHEAD}, "version": 1}, ["logs:v1"]),
    ({"updated_at": {"$lte": FAR_AHEAD}, "version": 1}, ["logs:v1"]),
    ({"state": "COMMITTED", "version": 2}, ["logs:v2"]),
    ({"id": "0"}, []),
]


def test_versions(zoo, subtests):
    for filter_, expected in VERSIONS:
        with subtests.test(str(filter_)):
            assert found(Version, filter_) == expected


def test_names_and_aliases_are_found_in_both_forms_of_unicode(member, source, registry, subtests):
    link(member, source.artifact, registry, "fr\u00fch", name="caf\u00e9")
    for name in ("caf\u00e9", "cafe\u0301"):
        for asked in (name, {"$in": [name]}, {"$gte": name, "$lte": name}, {"$contains": name}):
            with subtests.test(f"{name} {asked}"):
                assert found(Collection, {"name": asked}) == ["caf\u00e9"]
    for alias in ("fr\u00fch", "fru\u0308h"):
        for asked in (alias, {"$in": [alias]}):
            with subtests.test(f"{alias} {asked}"):
                assert found(Version, {"alias": asked}) == ["caf\u00e9:v0"]


REGISTRIES = [
    ({"name": "Sounds"}, ["Sounds"]),
    ({"name": "wandb-registry-Sounds"}, ["Sounds"]),
    ({"name": {"$in": ["wandb-registry-Model", "Sounds"]}}, ["Model", "Sounds"]),
    ({"name": {"$regex": "o[du]"}}, ["Model", "Sounds"]),
    ({"description": "heard"}, ["Sounds"]),
    ({"created_at": {"$lt": LONG_AGO}}, []),
    ({"updated_at": {"$lt": FAR_AHEAD}, "name": "Model"}, ["Model"]),
    ({"id": 10**15}, []),
    ({"entity_id": {"$gt": 0}}, ["Model", "Dataset", "Sounds"]),
]


def test_registries(zoo, subtests):
    for filter_, expected in REGISTRIES:
        with subtests.test(str(filter_)):
            assert found(Registry, filter_) == expected


ANOTHER_LOCALE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE registries_collection ALTER COLUMN name TYPE varchar(128) COLLATE "{locale}";
ALTER TABLE registries_collectiontag ALTER COLUMN name TYPE varchar(128) COLLATE "{locale}";
"""


def test_texts_are_compared_by_code_points_whatever_the_locale_of_the_database(
    member, registry, zoo, subtests
):
    for name in ("B", "_b", "é", "Z"):
        made = create_collection(caller_of(member), registry.project, name, "model")
        edit_collection(caller_of(member), made, add_tags=[name])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(ANOTHER_LOCALE.format(locale="en-x-icu"))
    compared = {"$gt": gt, "$gte": ge, "$lt": lt, "$lte": le}
    names = list(Collection.objects.order_by("pk").values_list("name", flat=True))
    tags = {name: name for name in ("B", "_b", "é", "Z")} | {"b": "deep"}
    for (operator, compare), text in product(compared.items(), ("B", "Zz", "_", "b", "~")):
        with subtests.test(f"{operator} {text}"):
            expected = [name for name in names if compare(name, text)]
            assert found(Collection, {"name": {operator: text}}) == expected
            tagged = [name for name in names if name in tags and compare(tags[name], text)]
            assert found(Collection, {"tag": {operator: text}}) == tagged
            others = [name for name in names if name not in tagged]
            assert found(Collection, {"tag": {"$not": {operator: text}}}) == others


def test_no_filter_lets_all_through(zoo):
    for empty in ("", None):
        rows = filtered(Collection.objects.all(), empty, FIELDS_OF_COLLECTIONS)
        assert rows.count() == 4


def test_a_row_with_several_matches_comes_once(zoo):
    assert found(Version, {"tag": {"$regex": "."}}) == [*LOGS, "a:v0", "b:v0", "c:v0"]


def nest(levels: int) -> dict:
    filter_: dict = {"name": "a"}
    for _ in range(levels):
        filter_ = {"$and": [filter_]}
    return filter_


NO_FILTERS = [
    "{",
    "[]",
    "null",
    "1",
    '"name"',
    "[" * 100_000,
    {"colour": "red"},
    {"name.first": "a"},
    {"project__entity__name": "smle-reg"},
    {"metadata__rows": 1},
    {"pk": 1},
    {"$where": "1"},
    {"name": {"$like": "a"}},
    {"name": {"$regex": "("}},
    {"name": {"$regex": "(?=a)"}},
    {"name": {"$regex": r"(a)\1"}},
    {"name": {"$regex": "a" * 2000}},
    {"name": {"$in": "a"}},
    {"name": {"$in": {"a": 1}}},
    {"$and": {"name": "a"}},
    {"$or": [1]},
    {"$or": []},
    {"$nor": []},
    {"$or": [{"name": "a"}, {"$nor": []}]},
    {"$not": 1},
    {"$not": [{"name": "a"}]},
    {"created_at": {"$gt": "yesterday"}},
    {"created_at": {"$gt": 5}},
    {"created_at": {"$gt": "2001-13-45T99:00:00Z"}},
    {"created_at": {"$gt": None}},
    {"id": "x"},
    {"id": 10**30},
    {"id": None},
    {"id": [1]},
    {"id": 1.5},
    nest(DEEPEST + 5),
    {"$or": [{"name": "a"}] * (MOST_NODES + 1)},
    {"name": "a" * LARGEST},
]


def test_what_is_no_filter_is_refused_with_a_sentence(zoo, subtests):
    for filter_ in NO_FILTERS:
        with subtests.test(str(filter_)[:60]), pytest.raises(Invalid) as refusal:
            found(Collection, filter_)
        assert refusal.value.sentence.endswith(".")


VALUES = [
    None,
    True,
    1,
    -1,
    1.5,
    2**70,
    "",
    "a",
    "a\x00b",
    "\ud800",
    [],
    [1],
    ["a", None],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
def test_any_value_for_any_operator_of_any_field_is_answered_or_refused(zoo, model):
    """Never a fault: what a column cannot be compared with is a refusal or finds nothing."""
    wrong = []
    for field in [*FIELDS[model], *(["metadata.a", "metadata.a.b"] if model is Version else [])]:
        for operator in [*LOOKUPS, "$regex", "$exists", "$not", None]:
            for value in VALUES:
                filter_ = {field: {operator: value} if operator else value}
                try:
                    with transaction.atomic():
                        found(model, filter_)
                except Invalid:
                    continue
                except Exception as error:  # noqa: BLE001 what this looks for
                    wrong.append((filter_, repr(error)[:120]))
    assert not wrong, "\n".join(
        sorted({f"{list(f)} {list(f.values())}: {e}" for f, e in wrong})[:400]
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [("rows__regex", "."), ("rows__gte", 0), ("rows__isnull", False), ("of__kind__contains", "e")],
)
def test_a_key_of_metadata_is_a_key_and_never_a_lookup(zoo, key, value):
    """No metadata has a key of this name; a pattern would reach the database otherwise."""
    with suppress(Invalid):
        assert found(Version, {f"metadata.{key}": value}) == []


def test_a_key_of_metadata_may_be_any_text(member, project):
    key = "it's 5% of a]"
    log(member, project, "odd", metadata={key: "yes", "2": {"3": 4}})
    for filter_ in ("yes", {"$regex": "^y"}, {"$contains": "ES"}, {"$in": ["yes"]}):
        assert found(Version, {f"metadata.{key}": filter_}) == ["zoo_dataset:v0"]
    assert found(Version, {f"metadata.{key}": {"$regex": "^n"}}) == []


@pytest.mark.parametrize(
    "filter_",
    [
        '{"metadata.x": [1e999]}',
        '{"metadata.x": {"$in": [{"a": Infinity}]}}',
        '{"metadata.x": {"a": {"b": [NaN]}}}',
        '{"metadata.x": ' + "[" * 900 + "]" * 900 + "}",
        '{"alias": {"$contains": "' + "x" * 60_000 + '"}}',
    ],
)
def test_what_no_database_compares_with_is_refused(ask, member, version, filter_):
    query = """
    query Q($filters: JSONString) {
      organization(name: "smle-reg") {
        orgEntity { artifactMemberships(filters: $filters) { totalCount } }
      }
    }
    """
    answer = ask(member, query, filters=filter_)
    assert answer.status == 422
    assert answer.sentence.endswith(".")


def test_a_filter_reaches_no_column_that_is_not_listed(ask, member, version):
    query = """
    query Q($filters: JSONString) {
      project(name: "zoo_experiment", entityName: "smle-reg-team-2") {
        artifactCollections(filters: $filters) { edges { node { name } } }
      }
    }
    """
    answer = ask(member, query, filters='{"created_by__api_keys__sha256": {"$regex": "^a"}}')
    assert answer.status == 422
    assert "cannot be searched" in answer.sentence
