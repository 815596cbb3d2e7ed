"""The rows of what people do inside a registry every day."""

from __future__ import annotations

from accounts.callers import Way
from registries.models import Event
from registries.operations import aliases, collections, edits, putting_back, versions
from tests.access.operation_table import (
    MEMBERS_WHO_READ_THE_SOURCE,
    REGISTRY_ADMINS,
    REGISTRY_MEMBERS,
    WHO_SEE_THE_REGISTRY,
    WRITERS_OF_THE_SOURCE,
    Row,
)
from tests.personas import caller_of
from tests.things import COLLECTION

COLLECTIONS = [
    Row(
        collections.create_collection,
        "one",
        REGISTRY_MEMBERS,
        lambda by, s: collections.create_collection(by, s.registry.project, "n", "t"),
    ),
    Row(
        collections.edit_collection,
        "name, description and tags",
        REGISTRY_MEMBERS,
        lambda by, s: collections.edit_collection(
            by, s.other.collection, name="n", description="n", add_tags=["n"]
        ),
    ),
    Row(
        collections.edit_collection,
        "the name of one with a protected alias",
        REGISTRY_ADMINS,
        lambda by, s: collections.edit_collection(by, s.protected.collection, name="Renamed"),
    ),
    Row(
        collections.delete_collection,
        "without protected aliases",
        REGISTRY_MEMBERS,
        lambda by, s: collections.delete_collection(by, s.other.collection),
    ),
    Row(
        collections.delete_collection,
        "with a protected alias",
        REGISTRY_ADMINS,
        lambda by, s: collections.delete_collection(by, s.protected.collection),
    ),
]


VERSIONS = [
    Row(
        versions.link_version,
        "what is in no registry",
        MEMBERS_WHO_READ_THE_SOURCE,
        lambda by, s: versions.link_version(
            by, s.free_source.artifact, s.registry.project, COLLECTION, ["n"]
        ),
    ),
    Row(
        versions.link_version,
        "what is in the registry",
        REGISTRY_MEMBERS,
        lambda by, s: versions.link_version(by, s.artifact, s.registry.project, "n", ["n"]),
    ),
    Row(
        versions.link_version,
        "with a protected alias",
        REGISTRY_ADMINS,
        lambda by, s: versions.link_version(
            by, s.artifact, s.registry.project, "n", ["production"]
        ),
    ),
    Row(
        versions.unlink_version,
        "free",
        REGISTRY_MEMBERS,
        lambda by, s: versions.unlink_version(by, s.custom),
    ),
    Row(
        versions.unlink_version,
        "protected",
        REGISTRY_ADMINS,
        lambda by, s: versions.unlink_version(by, s.protected),
    ),
    Row(
        edits.edit_version,
        "free",
        REGISTRY_MEMBERS,
        lambda by, s: edits.edit_version(by, s.custom, metadata={"n": 1}, add_tags=["n"]),
    ),
    Row(
        edits.edit_version,
        "free, through the SDK",
        WRITERS_OF_THE_SOURCE,
        lambda by, s: edits.edit_version(caller_of(by.user, Way.SDK), s.custom, description="n"),
    ),
    Row(
        edits.edit_version,
        "protected",
        REGISTRY_ADMINS,
        lambda by, s: edits.edit_version(by, s.protected, remove_tags=["uci"]),
    ),
    Row(
        edits.edit_version,
        "nothing",
        WHO_SEE_THE_REGISTRY,
        lambda by, s: edits.edit_version(by, s.protected, add_tags=["uci"]),
    ),
]


ALIASES = [
    Row(
        aliases.add_aliases,
        "a custom one, new",
        REGISTRY_MEMBERS,
        lambda by, s: aliases.add_aliases(by, s.protected, ["n"]),
    ),
    Row(
        aliases.add_aliases,
        "a custom one and latest, moved",
        REGISTRY_MEMBERS,
        lambda by, s: aliases.add_aliases(by, s.protected, ["candidate", "latest"]),
    ),
    Row(
        aliases.remove_aliases,
        "a custom one",
        REGISTRY_MEMBERS,
        lambda by, s: aliases.remove_aliases(by, s.custom, ["candidate"]),
    ),
    Row(
        aliases.remove_aliases,
        "latest",
        REGISTRY_MEMBERS,
        lambda by, s: aliases.remove_aliases(by, s.custom, ["latest"]),
    ),
    Row(
        aliases.add_aliases,
        "a protected one, new",
        REGISTRY_ADMINS,
        lambda by, s: aliases.add_aliases(by, s.other, ["production"]),
    ),
    Row(
        aliases.add_aliases,
        "a protected one, moved",
        REGISTRY_ADMINS,
        lambda by, s: aliases.add_aliases(by, s.custom, ["n", "production"]),
    ),
    Row(
        aliases.remove_aliases,
        "a protected one",
        REGISTRY_ADMINS,
        lambda by, s: aliases.remove_aliases(by, s.protected, ["production"]),
    ),
    Row(
        putting_back.put_back,
        "a custom one",
        REGISTRY_MEMBERS,
        lambda by, s: putting_back.put_back(by, _last_change("candidate")),
    ),
    Row(
        putting_back.put_back,
        "a protected one",
        REGISTRY_ADMINS,
        lambda by, s: putting_back.put_back(by, _last_change("production")),
    ),
]


def _last_change(alias: str) -> Event:
    return Event.objects.filter(alias=alias, collection__name=COLLECTION).latest("pk")
