"""The steps to a source: team, project, artifact, version. What was chosen narrows the next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.models import Organization, User
from artifacts.models import Project
from registries.models import AcceptedType, Collection, Registry, Version
from registries.queries.terms import askable
from registries.roles import Right
from registries.templatetags.text import long_date
from registries.visibility import linkable_sequences, registries_where

CHOICES_SHOWN = 200
REGISTRIES_SHOWN = 20
_NUMBER = re.compile(r"[vV]?([0-9]{1,9})")


@dataclass(frozen=True)
class Choice:
    """`value` stands in the address, `label` in the list."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    choices: list[Choice]
    chosen: str

    @property
    def is_cut(self) -> bool:
        return len(self.choices) >= CHOICES_SHOWN


@dataclass(frozen=True)
class Source:
    """Steps as far as they are chosen, and the version when all are."""

    steps: list[Step]
    version: Version | None


def source_for(
    user: User, registry: Registry | None, collection: Collection | None, address: QueryDict
) -> Source:
    """A step with one choice is taken. For a collection only artifacts of its type are offered.

    `registry` None is a project, which takes from wherever the person reads.
    """
    sequences = linkable_sequences(user, registry)
    sequences = sequences.filter(Exists(Version.objects.filter(collection=OuterRef("pk"))))
    if collection is not None:
        sequences = sequences.filter(type=collection.type)
    steps: list[Step] = []
    owner = "Team" if registry else "Owner"
    for name, label, column, shown in (
        ("team", owner, "project__entity__name", "project__entity__name"),
        ("project", "Project", "project__name", "project__name"),
        ("artifact", "Artifact", "name", "type"),
    ):
        step = _step(name, label, sequences, column, shown, address.get(name, ""))
        steps.append(step)
        if not step.chosen:
            return Source(steps, None)
        sequences = sequences.filter(**{column: step.chosen})
    versions = Version.objects.filter(collection__in=sequences.values("pk"))
    return _with_version(steps, versions, address.get("version", ""))


def _step(
    name: str, label: str, sequences: QuerySet[Collection], column: str, note: str, wanted: str
) -> Step:
    found = sequences.order_by(column).values_list(column, note).distinct()[:CHOICES_SHOWN]
    offered = list(found)
    if wanted not in [value for value, _ in offered]:
        # However far behind the first ones it stands.
        asked = sequences.filter(**{column: askable(wanted)}).values_list(column, note)[:1]
        offered = [*asked, *offered][:CHOICES_SHOWN] if wanted else offered
    choices = [Choice(value, value, beside if note != column else "") for value, beside in offered]
    values = [choice.value for choice in choices]
    chosen = values[0] if len(values) == 1 else wanted if wanted in values else ""
    return Step(name, label, choices, chosen)


def _with_version(steps: list[Step], versions: QuerySet[Version], wanted: str) -> Source:
    """The newest are offered, and the one that was asked for, however old."""
    number = _NUMBER.fullmatch(wanted)
    asked = int(number[1]) if number else -1
    newest = versions.order_by("-number").values("pk")[:CHOICES_SHOWN]
    # Both by their keys: for an OR PostgreSQL reads all versions of the artifact.
    keys = Version.objects.filter(pk__in=newest).values("pk")
    keys = keys.union(versions.filter(number=asked).values("pk"))
    rows = Version.objects.filter(pk__in=keys).order_by("-number")
    offered = list(rows.select_related("artifact", "collection"))
    chosen = next((version for version in offered if version.number == asked), None)
    choices = [
        Choice(version.label, version.label, long_date(version.linked_at)) for version in offered
    ]
    label = chosen.label if chosen else ""
    return Source([*steps, Step("version", "Version", choices, label)], chosen)


def registries_for(user: User, organization: Organization, artifact_type: str) -> list[str]:
    """Those of the organization the person may link a version of this type into, by name."""
    accepting = Q(accepts_all_types=True) | Q(
        Exists(AcceptedType.objects.filter(registry=OuterRef("pk"), name=artifact_type))
    )
    found = registries_where(user, Right.LINK).filter(accepting, organization=organization)
    return list(found.order_by("folded").values_list("name", flat=True)[:REGISTRIES_SHOWN])


def collections_for(home: Project, artifact_type: str) -> list[str]:
    """Collections a version of this type may be linked into, by name."""
    rows = Collection.objects.filter(
        project=home, type=artifact_type, kind=Collection.Kind.PORTFOLIO
    )
    return list(rows.order_by("folded").values_list("name", flat=True)[:CHOICES_SHOWN])
