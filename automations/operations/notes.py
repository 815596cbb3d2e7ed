"""Notes to admins: something was given up or switched off."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.callers import Caller
from accounts.errors import NotFound
from automations.models import Automation, Integration, Note
from automations.visibility import notes_visible_to


def note_dead(automation: Automation, text: str) -> None:
    """One note for an automation until it is dismissed; it counts."""
    _put(
        Note.Kind.DEAD,
        text,
        entity_id=automation.entity_id,
        project_id=automation.project_id,
        automation=automation,
    )


def note_switched_off(integration: Integration, text: str) -> None:
    """For those who manage the integration, and the admins of every home that uses it."""
    _put(Note.Kind.SWITCHED_OFF, text, entity_id=integration.entity_id, integration=integration)
    homes = (
        integration.automations.filter(deleted_at=None, project__isnull=False)
        .order_by("project")
        .values_list("entity_id", "project_id")
        .distinct()
    )
    for entity_id, project_id in homes:
        _put(
            Note.Kind.SWITCHED_OFF,
            text,
            entity_id=entity_id,
            project_id=project_id,
            integration=integration,
        )


@transaction.atomic
def dismiss_note(by: Caller, note: Note) -> None:
    """A second time changes nothing. NotFound for a note that is not for the caller."""
    if Note.objects.filter(pk=note.pk, dismissed_by=by.user).exists():
        return
    if not notes_visible_to(by.user).filter(pk=note.pk).exists():
        raise NotFound
    Note.objects.filter(pk=note.pk).update(dismissed_at=timezone.now(), dismissed_by=by.user)


def drop_notes(by: Caller, *, integration: Integration) -> None:
    """What they tell of was seen to. The caller has judged."""
    Note.objects.filter(integration=integration, dismissed_at=None).update(
        dismissed_at=timezone.now(), dismissed_by=by.user
    )


def _put(kind: Note.Kind, text: str, **about: object) -> None:
    about.setdefault("project_id", None)
    there = Note.objects.filter(kind=kind, dismissed_at=None, **about)
    now = timezone.now()
    if not there.update(text=text, at=now, count=F("count") + 1):
        Note.objects.create(kind=kind, text=text, at=now, **about)
