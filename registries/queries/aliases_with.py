"""The aliases of one registry, project or collection, all or those with some letters in them."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from artifacts.models import Project
from registries.models import Alias, Collection
from registries.queries.finds import matching
from registries.queries.terms import Term
from registries.search_index import ALIASES

# PostgreSQL's index knows who has the letters but not where, and what there is in one place it
# would read to the last. So a part of both is read: where either is little it is the whole, and
# where both are much a part has plenty. The empty name says that neither was the whole.
READ_HERE = 2_000
READ_WITH_LETTERS = 1_500
# `every` is planned to the last and read up to the limit: planned for the limit it would be read
# from the table, which is long where the first with the letters stands far behind.
ON_POSTGRESQL = """
WITH here AS MATERIALIZED (
    SELECT n.name, n.folded FROM registries_alias n
    JOIN registries_collection c ON c.id = n.collection_id WHERE {place} = %s LIMIT {here}
), every AS MATERIALIZED (
    SELECT n.name, n.collection_id FROM registries_alias n WHERE n.folded LIKE %s
), with_letters AS MATERIALIZED (
    SELECT name, collection_id FROM every LIMIT {letters}
), found AS MATERIALIZED (
    SELECT name FROM here WHERE folded LIKE %s
    UNION
    SELECT n.name FROM with_letters n
    JOIN registries_collection c ON c.id = n.collection_id WHERE {place} = %s
)
(SELECT name FROM found LIMIT %s)
UNION ALL
SELECT '' WHERE EXISTS (SELECT 1 FROM here OFFSET {here} - 1)
AND EXISTS (SELECT 1 FROM with_letters OFFSET {letters} - 1)
"""


def aliases_of(project: Project, collection: Collection | None) -> QuerySet[Alias]:
    if collection is None:
        return Alias.objects.filter(collection__project=project)
    return Alias.objects.filter(collection=collection)


def aliases_with(
    letters: Term, project: Project, collection: Collection | None, most: int
) -> tuple[set[str], bool]:
    """At most about `most` names, and whether these are all. `letters` are three or more."""
    if connection.vendor != "postgresql":
        of_place = aliases_of(project, collection)
        known = of_place.filter(matching(ALIASES, letters, [project.pk], most + 1))
        names = set(known.values_list("name", flat=True)[: most + 1])
        return names, len(names) <= most
    place, pk = ("c.project_id", project.pk) if collection is None else ("c.id", collection.pk)
    [pattern] = letters.patterns
    sql = ON_POSTGRESQL.format(place=place, here=READ_HERE, letters=READ_WITH_LETTERS)
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk, pattern, pattern, pk, most + 1])
        names = {name for (name,) in cursor}
    return names - {""}, "" not in names and len(names) <= most
