"""The index of names: right after every change, built again when missing, never in the way."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from registries import search_index
from registries.models import Alias, Collection, CollectionTag
from registries.operations.aliases import remove_aliases
from registries.operations.collections import edit_collection
from registries.operations.versions import unlink_version
from registries.queries.finds import Homes, finds
from registries.queries.sources import ALIASES, COLLECTION_TAGS, COLLECTIONS
from registries.queries.terms import Term
from tests.personas import caller_of
from tests.things import put

on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL keeps its indexes itself"
)


ELSEWHERE = range(10**6, 10**6 + 50)


def names_in(source, text, homes):
    answer = finds(source, Term.typed(text), homes, 0, 101, 101)
    assert answer.count == len(answer.rows)
    return [one.name for one in answer.rows]


def found(source, text, registry):
    """Names, asked by whoever sees few registries and by whoever sees many."""
    answers = [
        names_in(source, text, Homes(seen, registry.organization_id))
        for seen in ([registry.pk], [registry.pk, *ELSEWHERE])
    ]
    assert sorted(answers[0]) == sorted(answers[1])
    return answers[0]


def test_an_alias_is_found_as_long_as_it_is_there(second_version, registry, member):
    put(member, second_version, "okapi-7")
    assert found(ALIASES, "kapi", registry) == ["okapi-7"]
    put(member, second_version.collection.versions.get(number=0), "okapi-7")
    assert found(ALIASES, "okapi", registry) == ["okapi-7"]
    version = second_version.collection.versions.get(number=0)
    remove_aliases(caller_of(member), version, ["okapi-7"])
    assert found(ALIASES, "okapi", registry) == []


def test_a_renamed_collection_is_found_by_its_new_name_alone(version, registry, member):
    edit_collection(caller_of(member), version.collection, name="Tapir_models", add_tags=["gnu"])
    assert found(COLLECTIONS, "Zoo_Cl", registry) == []
    assert found(COLLECTIONS, "tapir", registry) == ["Tapir_models"]
    assert found(COLLECTION_TAGS, "gn", registry) == ["gnu"]


def test_what_ends_with_its_version_is_not_found(second_version, registry, member):
    put(member, second_version, "okapi")
    unlink_version(caller_of(member), second_version)
    assert found(ALIASES, "okapi", registry) == []


def test_what_is_undone_was_never_found(second_version, registry, member):
    with transaction.atomic():
        put(member, second_version, "okapi")
        assert found(ALIASES, "okapi", registry) == ["okapi"]
        transaction.set_rollback(True)
    assert found(ALIASES, "okapi", registry) == []


def test_names_in_other_registries_are_not_found(second_version, registry, member):
    put(member, second_version, "okapi")
    organization = registry.organization_id
    assert names_in(ALIASES, "okapi", Homes([10**6], organization)) == []
    assert names_in(ALIASES, "okapi", Homes(ELSEWHERE, 10**6)) == []
    assert names_in(ALIASES, "okapi", Homes(ELSEWHERE, organization, [registry.pk])) == []


def test_what_is_not_read_is_counted(registry, admin):
    by = {"created_by": admin, "changed_by": admin}
    Collection.objects.bulk_create(
        Collection(project=registry.project, kind="portfolio", name=name, type="model", **by)
        for name in ("bear", "bear_a", "bear_b", "bear_c", "the bear")
    )
    homes = Homes([registry.pk, *ELSEWHERE], registry.organization_id)
    first = finds(COLLECTIONS, Term.typed("bear"), homes, 0, 2, 4)
    assert ([one.name for one in first.rows], first.count) == (["bear", "bear_a"], 4)
    last = finds(COLLECTIONS, Term.typed("bear"), homes, 4, 2, 4)
    assert ([one.name for one in last.rows], last.count) == (["the bear"], 1)
    assert finds(COLLECTIONS, Term.typed("bear"), homes, 5, 2, 4).count == 0


@pytest.mark.parametrize(
    "text", ["b", "be", "-b", "_", "a_b", "x b", "be a", "__", 'b"', "b'", "%"]
)
def test_the_index_and_the_names_themselves_give_the_same_answer(
    text, registry, admin, monkeypatch
):
    names = ["bears", "x bears", "the-bears", "the_bears", "v.be", "scarab", "a_b", "_b", "b__c"]
    names += ['b"c', "b'c", "be at", "%b", "x%b", "cab", "-be", "x_-b", "x__"]
    by = {"created_by": admin, "changed_by": admin}
    Collection.objects.bulk_create(
        Collection(project=registry.project, kind="portfolio", name=name, type="model", **by)
        for name in names
    )
    indexed = found(COLLECTIONS, text, registry)
    monkeypatch.setattr(search_index, "is_kept", lambda connection: False)
    assert found(COLLECTIONS, text, registry) == indexed
    term = Term.typed(text)
    everything = Collection.objects.filter(project=registry.pk)
    assert set(indexed) == {one.name for one in everything if term.is_in(one.folded)}
    assert set(indexed) == set(everything.filter(term.matches()).values_list("name", flat=True))


def test_a_sign_between_words_begins_no_word(registry, admin):
    by = {"created_by": admin, "changed_by": admin}
    Collection.objects.bulk_create(
        Collection(project=registry.project, kind="portfolio", name=name, type="model", **by)
        for name in ("-b", "a--b", "a-b")
    )
    assert found(COLLECTIONS, "-b", registry) == ["-b"]
    assert set(found(COLLECTIONS, "b", registry)) == {"-b", "a--b", "a-b"}


def test_names_that_begin_with_the_term_come_first(registry, admin):
    by = {"created_by": admin, "changed_by": admin}
    Collection.objects.bulk_create(
        Collection(project=registry.project, kind="portfolio", name=name, type="model", **by)
        for name in ("a bear", "bear_b", "the bear", "bear", "bear_a")
    )
    assert found(COLLECTIONS, "bear", registry)[:3] == ["bear", "bear_a", "bear_b"]


@on_sqlite
def test_a_lost_index_is_built_again_by_the_next_migrate(second_version, registry, member):
    search_index.let_go(connection)
    put(member, second_version, "okapi")
    CollectionTag.objects.create(collection=second_version.collection, name="okapi tag")
    assert not search_index.is_kept(connection)
    assert found(ALIASES, "okapi", registry) == ["okapi"]
    call_command("migrate", verbosity=0)
    assert search_index.is_kept(connection)
    assert found(ALIASES, "kap", registry) == ["okapi"]
    assert found(COLLECTION_TAGS, "okapi t", registry) == ["okapi tag"]


@on_sqlite
def test_a_server_without_trigrams_searches_and_writes_all_the_same(
    second_version, registry, member, monkeypatch, caplog
):
    monkeypatch.setattr(search_index, "FIRST_SQLITE_WITH_TRIGRAMS", (99,))
    search_index.keep(connection)
    assert "no FTS5 with trigrams" in caplog.text
    put(member, second_version, "okapi")
    assert found(ALIASES, "kapi", registry) == ["okapi"]
    monkeypatch.undo()
    search_index.keep(connection)
    assert search_index.is_kept(connection)
    assert found(ALIASES, "kapi", registry) == ["okapi"]


@on_sqlite
def test_the_index_tells_registries_apart_at_any_number(db):
    numbers = [1, 4095, 4096, 2**24, 2**31 + 5]
    tokens = {search_index.token_of_home(number) for number in numbers}
    assert len(tokens) == len(numbers)
    for number in numbers:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + search_index._home_of("one", search_index.Names("", str(number)))
            )
            assert cursor.fetchone() == (search_index.token_of_home(number),)


@pytest.mark.postgresql
def test_postgresql_uses_trigrams(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")
        assert {name for (name,) in cursor.fetchall()} == {
            one.index for one in search_index.INDEXED
        }


@pytest.mark.postgresql
def test_a_database_where_the_extension_may_not_be_made_says_so(
    second_version, registry, member, caplog
):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE weak; GRANT ALL ON SCHEMA public TO weak")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO weak")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO weak")
        for names in search_index.INDEXED:
            cursor.execute(f"ALTER TABLE {names.table} OWNER TO weak")
        cursor.execute("SET ROLE weak")
        search_index.keep(connection)
        assert "CREATE EXTENSION pg_trgm" in caplog.text
        put(member, second_version, "okapi")
        assert found(ALIASES, "kapi", registry) == ["okapi"]
        cursor.execute("RESET ROLE")
    assert Alias.objects.filter(name="okapi").exists()
