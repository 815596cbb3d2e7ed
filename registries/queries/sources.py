"""Where the names that are searched are, and what is told of each, as SQL."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from artifacts.models import ArtifactTag
from registries import search_index
from registries.models import Alias, Collection, CollectionTag
from registries.search_index import Names


@dataclass(frozen=True)
class Source:
    """Where names of one kind are. All is SQL in which the names are called `n`: `columns`, what
    they are joined with, the id of their `collection` ("" for collections themselves).

    What is `told` besides is read for the rows alone that are shown, which are called `found`. A
    tag is a row for each version that has it: `then` orders those.
    """

    model: type[Model]
    names: Names
    columns: str
    collection: str = "n.collection_id"
    joins: str = ""
    told: str = ""
    then: str = ""

    @property
    def rows(self) -> str:
        return f"{self.names.table} n"

    def select(self, rows: str) -> str:
        """All of `rows`, which is how the names are found. Aliases that are protected are a part
        of their own."""
        protected = ", 0 AS protected" if self is ALIASES else ""
        joins = self.joins.format(join=cross_join())
        return f"SELECT {self.columns}{protected} FROM {rows}{joins}"

    def select_with_homes(self, rows: str) -> str:
        """The same with the project's id as `home_column`, by which the database may begin."""
        return self.select(rows) + self._with_collection(self.collection)

    @property
    def home_column(self) -> str:
        return "c.project_id" if self.collection else "n.project_id"

    def with_what_is_told(self, found: str) -> str:
        """All of `found`, which calls itself so."""
        collection = self._with_collection("found.collection_id")
        return f"SELECT found.*{self.told} FROM {found}{collection}"

    def _with_collection(self, its_id: str) -> str:
        if not self.collection:
            return ""
        return f" {cross_join()} registries_collection c ON c.id = {its_id}"


def cross_join() -> str:
    """SQLite keeps the order of a CROSS JOIN: the names drive, and stop when enough are found."""
    return "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"


_TOLD = ", c.project_id AS home, c.name AS collection_name"
ALIASES = Source(
    Alias,
    search_index.ALIASES,
    "n.id, n.name, n.changed_at, n.folded, n.collection_id, n.version_id",
    told=_TOLD + ", (SELECT v.number FROM registries_version v WHERE v.id = found.version_id)"
    " AS number",
)
COLLECTIONS = Source(
    Collection,
    search_index.COLLECTIONS,
    "n.id, n.name, n.type, n.folded, n.project_id AS home",
    collection="",
)
COLLECTION_TAGS = Source(
    CollectionTag,
    search_index.COLLECTION_TAGS,
    "n.id, n.name, n.folded, n.collection_id",
    told=_TOLD,
)
VERSION_TAGS = Source(
    ArtifactTag,
    search_index.VERSION_TAGS,
    "n.id, n.name, n.folded, v.id AS version_id, v.collection_id, v.number",
    "v.collection_id",
    " {join} registries_version v ON v.artifact_id = n.artifact_id",
    _TOLD,
    then=", version_id",
)
