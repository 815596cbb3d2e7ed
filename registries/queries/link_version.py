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
    owner = "Team" if registry else "Owner"
    steps: list[Step] = []
    chosen_key = 0
    for name, label, column, key, note in (
        ("team", owner, "project__entity__name", "project__entity", None),
        ("project", "Project", "project__name", "project", None),
        ("artifact", "Artifact", "name", "pk", "type"),
    ):
        offered = _offered(sequences, (column, key, note or column), address.get(name, ""))
        choices = [Choice(value, value, beside if note else "") for value, _, beside in offered]
        chosen = _chosen(choices, address.get(name, ""))
        steps.append(Step(name, label, choices, chosen.value if chosen else ""))
        if chosen is None:
            return Source(steps, None)
        chosen_key = offered[choices.index(chosen)][1]
        sequences = sequences.filter(**{key: chosen_key})
    # The last key is that of an artifact the person may choose.
    versions = Version.objects.filter(collection=chosen_key)
    return _with_version(steps, versions, address.get("version", ""))


def _offered(
    sequences: QuerySet[Collection], columns: tuple[str, str, str], wanted: str
) -> list[tuple[str, int, str]]:
    """The first by name, and the one that is wanted, however far behind them it stands."""
    column = columns[0]
    found = list(sequences.order_by(column).values_list(*columns).distinct()[:CHOICES_SHOWN])
    if not wanted or wanted in [row[0] for row in found]:
        return found
    asked = sequences.filter(**{column: askable(wanted)}).values_list(*columns)[:1]
    return [*asked, *found][:CHOICES_SHOWN]


def _chosen(choices: list[Choice], wanted: str) -> Choice | None:
    """The only one is taken."""
    if len(choices) == 1:
        return choices[0]
    return next((choice for choice in choices if choice.value == wanted), None)


def _with_version(steps: list[Step], versions: QuerySet[Version], wanted: str) -> Source:
    """The newest are offered, and the one that was asked for, however old."""
    number = _NUMBER.fullmatch(wanted)
    asked = int(number[1]) if number else -1
    newest = versions.order_by("-number").values("pk")[:CHOICES_SHOWN]
    named = versions.filter(number=asked).values("pk")[:1]
    # Both by their keys, and the one known to be one: for an OR PostgreSQL reads all versions of
    # the artifact, and of a number it expects thousands.
    keys = Version.objects.filter(pk__in=newest).values("pk")
    keys = keys.union(Version.objects.filter(pk__in=named).values("pk"))
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
