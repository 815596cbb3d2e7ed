"""The steps to a source: team, project, artifact, version. What was chosen narrows the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.http import QueryDict

from accounts.models import Organization, User
from accounts.stand_ins import Shape
from accounts.statements import kept
from artifacts.models import Artifact, Project
from registries.models import AcceptedType, Collection, Registry, Version
from registries.queries.terms import askable
from registries.roles import Right
from registries.templatetags.text import long_date
from registries.visibility import linkable_sequences, registries_where

CHOICES_SHOWN = 200
REGISTRIES_SHOWN = 20
_NUMBER = re.compile(r"[vV]?([0-9]{1,9})")


# Name of a step in the address → what it is chosen by, its key, and a note beside its name.
COLUMNS: dict[str, tuple[str, str, str | None]] = {
    "team": ("project__entity__name", "project__entity", None),
    "project": ("project__name", "project", None),
    "artifact": ("name", "pk", "type"),
}


@dataclass(frozen=True)
class Target(Shape):
    """What is linked into: a registry, of all types or of those it accepts, or a project."""

    is_registry: bool
    accepts_all_types: bool

    @classmethod
    def of(cls, registry: Registry | None) -> Target:
        return cls(registry is not None, registry is not None and registry.accepts_all_types)

    def label(self, step: str) -> str:
        if step == "team":
            return "Team" if self.is_registry else "Owner"
        return step.capitalize()

    def registry(self, organizations: Sequence[int], registries: Sequence[int]) -> Registry | None:
        """With what decides about sources; its own key where it chooses among types."""
        if not self.is_registry:
            return None
        return Registry(
            pk=next(iter(registries), None),
            organization_id=organizations[0],
            accepts_all_types=self.accepts_all_types,
        )


@dataclass(frozen=True)
class Choice:
    """`value` stands in the address, `label` in the list."""

    value: str
    label: str
    note: str = ""

    @property
    def words(self) -> str:
        return f"{self.label} ({self.note})" if self.note else self.label


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    choices: list[Choice]
    chosen: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and words."""
        return [(one.value, one.words) for one in self.choices]

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
    target = Target.of(registry)
    organizations = () if registry is None else (registry.organization_id,)
    registries = (registry.pk,) if registry and not registry.accepts_all_types else ()
    types = () if collection is None else (collection.type,)
    steps: list[Step] = []
    keys: tuple[int, ...] = ()
    for name in COLUMNS:
        among = (user, target, organizations, registries, types, keys)
        offered = _offered(*among, wanted=address.get(name, ""))
        choices = [Choice(value, value, note or "") for value, _, note in offered]
        chosen = _chosen(choices, address.get(name, ""))
        steps.append(Step(name, target.label(name), choices, chosen.value if chosen else ""))
        if chosen is None:
            return Source(steps, None)
        keys = (*keys, offered[choices.index(chosen)][1])
    # The last key is that of an artifact the person may choose.
    return _with_version(steps, keys[-1], address.get("version", ""))


def _offered(*among: Any, wanted: str) -> list[tuple[str, int, str | None]]:
    """The first by name, and the one that is wanted, however far behind them it stands."""
    found = _choices(*among, ())
    if not wanted or wanted in [row[0] for row in found]:
        return found
    return [*_choices(*among, (askable(wanted),)), *found][:CHOICES_SHOWN]


@kept
def _choices(
    user: User,
    target: Target,
    organizations: tuple[int, ...],
    registries: tuple[int, ...],
    types: tuple[str, ...],
    keys: tuple[int, ...],
    names: tuple[str, ...],
) -> QuerySet[Collection, Any]:
    """Name, key and note of the step behind those of which the `keys` are chosen: the first by
    name, or those of these `names`."""
    sequences = linkable_sequences(user, target.registry(organizations, registries))
    sequences = sequences.filter(Exists(Version.objects.filter(collection=OuterRef("pk"))))
    for one in types:
        sequences = sequences.filter(type=one)
    steps = list(COLUMNS.values())
    for (_, key, _), chosen in zip(steps, keys, strict=False):
        sequences = sequences.filter(**{key: chosen})
    name, key, note = steps[len(keys)]
    for wanted in names:
        sequences = sequences.filter(**{name: wanted})
    columns = sequences.values_list(name, key, note or Value(None, output_field=CharField()))
    return columns.order_by(name).distinct()[: 1 if names else CHOICES_SHOWN]


def _chosen(choices: list[Choice], wanted: str) -> Choice | None:
    """The only one is taken."""
    if len(choices) == 1:
        return choices[0]
    return next((choice for choice in choices if choice.value == wanted), None)


def _with_version(steps: list[Step], sequence: int, wanted: str) -> Source:
    number = _NUMBER.fullmatch(wanted)
    asked = int(number[1]) if number else -1
    offered = _versions(sequence, asked)
    chosen = next((version for version in offered if version.number == asked), None)
    choices = [
        Choice(version.label, version.label, long_date(version.linked_at)) for version in offered
    ]
    label = chosen.label if chosen else ""
    return Source([*steps, Step("version", "Version", choices, label)], chosen)


@kept
def _versions(sequence: int, asked: int) -> QuerySet[Version]:
    """The newest are offered, and the one that was asked for, however old."""
    versions = Version.objects.filter(collection=sequence)
    newest = versions.order_by("-number").values("pk")[:CHOICES_SHOWN]
    named = versions.filter(number=asked).values("pk")[:1]
    # Both by their keys, and the one known to be one: for an OR PostgreSQL reads all versions of
    # the artifact, and of a number it expects thousands.
    keys = Version.objects.filter(pk__in=newest).values("pk")
    keys = keys.union(Version.objects.filter(pk__in=named).values("pk"))
    rows = Version.objects.filter(pk__in=keys).order_by("-number")
    return rows.select_related("artifact", "collection")


def registries_for(user: User, organization: Organization, artifact_type: str) -> list[str]:
    """Those of the organization the person may link a version of this type into, by name."""
    return [name for (name,) in _accepting(user, organization.pk, artifact_type)]


@kept
def _accepting(
    user: User, organization_id: int, artifact_type: str
) -> QuerySet[Registry, tuple[str]]:
    accepting = Q(accepts_all_types=True) | Q(
        Exists(AcceptedType.objects.filter(registry=OuterRef("pk"), name=artifact_type))
    )
    found = registries_where(user, Right.LINK).filter(accepting, organization=organization_id)
    return found.order_by("folded").values_list("name")[:REGISTRIES_SHOWN]


def collections_for(home: Project, artifact_type: str) -> list[str]:
    """Collections a version of this type may be linked into, by name."""
    return [name for (name,) in _portfolios(home.pk, artifact_type)]


def where_it_goes(
    home: Project, name: str, artifact: Artifact
) -> tuple[Collection | None, Version | None]:
    """The collection of that name, None while it is yet to be made, and the link that is there."""
    collection = Collection.objects.filter(project=home, name=name, type=artifact.type).first()
    if collection is None:
        return None, None
    return collection, collection.versions.filter(artifact=artifact).first()


@kept
def _portfolios(project_id: int, artifact_type: str) -> QuerySet[Collection, tuple[str]]:
    rows = Collection.objects.filter(
        project=project_id, type=artifact_type, kind=Collection.Kind.PORTFOLIO
    )
    return rows.order_by("folded").values_list("name")[:CHOICES_SHOWN]
