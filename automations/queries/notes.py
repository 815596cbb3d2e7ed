"""Notes to admins: what was given up or switched off and nobody has seen to yet."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet

from accounts.models import User
from accounts.statements import prepared
from artifacts.models import Project
from automations.models import Note
from automations.permissions import managed_entities
from automations.visibility import notes_visible_to
from registries.queries.narrowing import Narrowing, Sort, Sorts
from registries.queries.paging import ROWS_ON_A_PAGE, PageOfRows, page_read, shown_from

OF_HOME = 5
SORTS: Sorts = {
    "newest": ("Newest first", ("-at", "-pk")),
    "oldest": ("Oldest first", ("at", "pk")),
    "count": ("Most often", ("-count", "-at", "-pk")),
}
BESIDE = ("entity", "project__entity", "project__registry", "automation", "integration__entity")


def notes_of(user: User, wanted: Narrowing) -> PageOfRows[Note]:
    """All that are for that person. A term is looked for in what they say."""
    read = partial(_from, user, wanted.texts("kind"), *wanted.asked)
    return page_read(read, wanted.page, ROWS_ON_A_PAGE)


@prepared
def _from(
    user: User, kinds: tuple[str, ...], sort: Sort, terms: tuple[str, ...], start: int
) -> QuerySet[Note]:
    notes = _said_once(notes_visible_to(user), user)
    for term in terms:
        notes = notes.filter(text__icontains=term)
    for kind in kinds:
        notes = notes.filter(kind=kind)
    return shown_from(notes, _rows, sort.of(SORTS), start, ROWS_ON_A_PAGE)


def notes_of_home(user: User, project: Project) -> PageOfRows[Note]:
    """The latest of a registry or project."""
    return page_read(lambda _: _of_home(user, project.pk), "", OF_HOME)


@prepared
def _of_home(user: User, project_id: int) -> QuerySet[Note]:
    notes = notes_visible_to(user).filter(project=project_id)
    return shown_from(notes, _rows, ("-at", "-pk"), 0, OF_HOME)


def _rows(notes: QuerySet[Note]) -> QuerySet[Note]:
    return notes.select_related(*BESIDE)


def _said_once(notes: QuerySet[Note], user: User) -> QuerySet[Note]:
    """Whoever manages an integration hears of it once, not again for every home that uses it."""
    return notes.exclude(
        kind=Note.Kind.SWITCHED_OFF,
        project__isnull=False,
        integration__entity__in=managed_entities(user).values("pk"),
    )
