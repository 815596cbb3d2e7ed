"""Projects and their runs, as one person sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import (
    Count,
    DateTimeField,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Lower

from accounts.errors import NotFound
from accounts.models import Entity, User
from accounts.names import entity_key
from accounts.statements import kept
from artifacts.models import Project, Run
from artifacts.permissions import entities_writable_by, projects_visible_to
from registries.models import Collection
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_read, shown_from
from registries.queries.terms import askable, spelled
from registries.visibility import organizations_of

SORTS: Sorts = {
    "changed": ("Last change", ("-changed_at", "-pk")),
    "name": ("Name", ("folded_name", "pk")),
    "owner": ("Owner", ("entity__name", "folded_name", "pk")),
    "created": ("Newest", ("-created_at", "-pk")),
}
OFFERED = 200


@dataclass(frozen=True)
class ProjectList:
    page: PageOfRows[Project]
    owners: list[Entity]
    may_create: bool


def projects_of(user: User, wanted: Narrowing) -> ProjectList:
    """One page of what the person may read, and whose projects there can be."""
    owners = tuple(map(entity_key, wanted.texts("owner")))
    read = partial(_projects_from, user, owners, *wanted.spelled)
    found = page_read(read, wanted.page, ROWS_ON_A_PAGE)
    return ProjectList(found, _owners(user), bool(_any_writable(user)))


@kept
def _projects_from(
    user: User, owners: tuple[str, ...], sort: Sort, spellings: tuple[str, ...], start: int
) -> QuerySet[Project]:
    projects = projects_visible_to(user)
    for owner in owners:
        projects = projects.filter(entity__name__lower=owner)
    found = projects.filter(spelled(spellings, "name"))
    return shown_from(found, _with_facts, sort.of(SORTS), start, ROWS_ON_A_PAGE)


@kept
def _owners(user: User) -> QuerySet[Entity]:
    owners = Entity.objects.filter(pk__in=projects_visible_to(user).values("entity"))
    return owners.order_by(Lower("name"))[:OFFERED]


@kept
def _any_writable(user: User) -> QuerySet[Entity, tuple[int]]:
    return entities_writable_by(user).values_list("pk")[:1]


def _with_facts(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `collection_count`, `run_count`, `changed_at` and `folded_name`."""
    collections = Collection.objects.filter(project=OuterRef("pk")).order_by()
    runs = Run.objects.filter(project=OuterRef("pk")).order_by()
    changed = collections.order_by("-changed_at").values("changed_at")[:1]
    return projects.select_related("entity").annotate(
        collection_count=_count(collections),
        run_count=_count(runs),
        changed_at=Coalesce(Subquery(changed, output_field=DateTimeField()), F("created_at")),
        folded_name=Lower("name"),
    )


def _count(rows: QuerySet[Model]) -> Coalesce:
    counted = rows.values("project").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def owner_named(user: User, name: str) -> Entity:
    """A team or organization the person is in, or whose projects or registries they see, or
    themself; NotFound for any other name."""
    seen = (
        Q(pk=user.entity_id)
        | Q(pk__in=projects_visible_to(user).values("entity"))
        | Q(team__memberships__user=user)
        | Q(organization__in=organizations_of(user))
    )
    found = Entity.objects.filter(seen, name__lower=entity_key(name)).first()
    if found is None:
        raise NotFound
    return found


def writable_owners(user: User) -> list[Entity]:
    """Teams in whose name the person may make a project, and the person."""
    return list(entities_writable_by(user).order_by(Lower("name")))


def sequences_of(project: Project) -> list[tuple[str, str]]:
    """Names and types of what has been logged in it, to be offered."""
    rows = Collection.objects.filter(project=project, kind=Collection.Kind.SEQUENCE)
    return list(rows.order_by("-changed_at").values_list("name", "type")[:OFFERED])


def type_of(project: Project, name: str) -> str:
    """Of the artifact that is called so; "" when there is none."""
    rows = Collection.objects.filter(project=project, name=askable(name))
    return rows.values_list("type", flat=True).first() or ""
