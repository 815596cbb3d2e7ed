"""What else ends when logged versions are deleted: their links and aliases.

An artifact may have a million aliases: what is shown and counted stops early. Whatever changes
what the deletion does is found however much there is: links one does not see, protected aliases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)

from accounts.models import User
from accounts.statements import kept, prepared
from registries.models import Alias, Collection, ProtectedAlias, Registry, Version
from registries.names import LATEST
from registries.permissions import deletion_refused_by
from registries.protection import rules_carried_by
from registries.queries.aliases import ShownAlias, in_order
from registries.roles import Right
from registries.visibility import (
    each_home_is_visible,
    homes_hidden_from,
    registries_visible_to,
    registries_where,
    registry_is_visible,
)

SHOWN = 20
COUNTED_UP_TO = 200
# One is enough to keep everything, and most registries protect the same few names.
RULES_READ = 60


@dataclass(frozen=True)
class LinksOfVersion:
    """Aliases are those but `latest`, protected ones first. Counting stops at COUNTED_UP_TO + 1,
    where `total` stands and `other_aliases` is None; of more, those that are shown are some.

    `has_hidden` tells of links in places the reader does not see, not of how many; `refusal` is
    what a registry in whose collections the reader may end no version says to the deletion.
    """

    shown: list[Version]
    total: int
    has_hidden: bool
    refusal: str
    aliases: list[ShownAlias]
    other_aliases: int | None = 0
    counted_up_to: int = COUNTED_UP_TO

    @property
    def other_links(self) -> int | None:
        """How many are not shown, None for more than were counted."""
        return None if self.total > COUNTED_UP_TO else self.total - len(self.shown)

    @property
    def is_protected(self) -> bool:
        return any(alias.protected for alias in self.aliases)

    @property
    def is_kept(self) -> bool:
        """Whether the reader's deletion is refused, whatever they say."""
        return self.is_protected or bool(self.refusal)


# A condition on whatever leads to an artifact by the path: that it is one of those the id names.
Contents: TypeAlias = Callable[[str, int], Q]


def links_of_artifact(user: User, artifact_id: int) -> LinksOfVersion:
    """What ends with one content; in four queries, as with many."""
    return _OF_ARTIFACT.links(user, artifact_id)


def links_of_sequence(user: User, sequence_id: int) -> LinksOfVersion:
    return _OF_SEQUENCE.links(user, sequence_id)


def links_of_project(user: User, project_id: int) -> LinksOfVersion:
    return _OF_PROJECT.links(user, project_id)


class _Ending:
    """The SQL for one way of naming artifacts, by an id, written once.

    Planning takes longer than reading, so it is prepared. Where that reads all links there are,
    `closed_planned` is `kept`.
    """

    def __init__(self, contents: Contents, *, closed_planned: Callable[..., Any] = kept) -> None:
        @prepared
        def seen(user: User, pk: int) -> QuerySet[Version]:
            return _seen(user, contents("artifact", pk))

        def closed(user: User, pk: int) -> QuerySet[User, Any]:
            return _closed(user, lambda path: contents(path, pk))

        @kept
        def rules(user: User, pk: int) -> QuerySet[ProtectedAlias, Any]:
            found = rules_carried_by(contents("version__artifact", pk))
            return _names_of_rules(user, found)[:RULES_READ]

        @prepared
        def rules_of_few(user: User, pk: int) -> QuerySet[ProtectedAlias, Any]:
            found = _rules_of_links(lambda path: contents(path, pk))
            return _names_of_rules(user, found).distinct()[:RULES_READ]

        @prepared
        def names(user: User, pk: int) -> QuerySet[Alias, Any]:
            return _names(user, contents("version__artifact", pk))

        self._seen, self._closed, self._names = seen, closed_planned(closed), names
        self._rules, self._rules_of_few = rules, rules_of_few

    def links(self, user: User, pk: int) -> LinksOfVersion:
        shown = self._seen(user, pk)
        total = shown[0].rows_in_all if shown else 0
        [(has_hidden, refusing)] = self._closed(user, pk)
        rules = self._rules if total > COUNTED_UP_TO else self._rules_of_few
        counted = self._names(user, pk)
        names = list(dict.fromkeys(name for (name,) in counted))
        protected = [name for (name,) in rules(user, pk)]
        is_more = len(counted) > COUNTED_UP_TO
        told = names[:SHOWN] if is_more else names
        marked = dict.fromkeys(told, False) | dict.fromkeys(protected, True)
        ordered = in_order(ShownAlias(name, is_rule) for name, is_rule in marked.items())
        return LinksOfVersion(
            shown,
            total,
            has_hidden,
            "" if refusing is None else deletion_refused_by(refusing),
            ordered[:SHOWN],
            None if is_more else len(ordered[SHOWN:]),
        )


def _seen(user: User, contents: Q) -> QuerySet[Version]:
    """The newest of those that are counted, each with `rows_in_all`."""
    portfolios = _its_collection(user).filter(kind=Collection.Kind.PORTFOLIO)
    links = Version.objects.filter(contents, Exists(portfolios))
    counted = links.order_by().values("pk")[: COUNTED_UP_TO + 1]
    # By time: by their keys PostgreSQL would go through those of all versions there are.
    found = Version.objects.filter(pk__in=counted).order_by("-linked_at", "-pk")
    related = ("collection__project__entity", "collection__project__registry")
    # A window, not a subquery: what one sees is judged once.
    return found.select_related(*related).annotate(rows_in_all=Window(Count("pk")))[:SHOWN]


def _closed(user: User, contents: Callable[[str], Q]) -> QuerySet[User, Any]:
    """One row, of the reader: whether a link is in a home they do not see, and a registry that has
    one and lets them end none, "" when it is among those."""
    hidden = _linking(contents).filter(project__in=homes_hidden_from(user).values("pk"))
    judged = Registry.objects.exclude(pk__in=registries_where(user, Right.UNLINK).values("pk"))
    refusing = judged.filter(Exists(_linking(contents).filter(project=OuterRef("pk"))))
    named = Case(When(registry_is_visible(user), then=F("name")), default=Value(""))
    told = refusing.annotate(told=named).order_by().values("told")[:1]
    return User.objects.filter(pk=user.pk).values_list(Exists(hidden), Subquery(told))


def _linking(contents: Callable[[str], Q]) -> QuerySet[Collection]:
    """By the homes: those that one does not see are few, or one of the first has a link."""
    links = Version.objects.filter(contents("artifact"), collection=OuterRef("pk"))
    return Collection.objects.filter(Exists(links), kind=Collection.Kind.PORTFOLIO)


def _rules_of_links(contents: Callable[[str], Q]) -> QuerySet[ProtectedAlias]:
    """Those carried, asked from the links: a registry may have many collections."""
    link = "registry__project__collections__versions"
    carried = Q(**{f"{link}__aliases__name": F("name")})
    return ProtectedAlias.objects.filter(contents(f"{link}__artifact"), carried)


def _names_of_rules(user: User, rules: QuerySet[ProtectedAlias]) -> QuerySet[ProtectedAlias, Any]:
    visible = registries_visible_to(user).filter(pk=OuterRef("registry"))
    return rules.filter(Exists(visible)).values_list("name")


def _names(user: User, contents: Q) -> QuerySet[Alias, Any]:
    carried = Alias.objects.filter(contents, Exists(_its_collection(user))).exclude(name=LATEST)
    return carried.values_list("name")[: COUNTED_UP_TO + 1]


def _its_collection(user: User) -> QuerySet[Collection]:
    """That of a version or an alias, when it is seen. Asked of each: a database that begins with
    the collections goes through all there are."""
    seen = Collection.objects.filter(each_home_is_visible(user, "project"))
    return seen.filter(pk=OuterRef("collection"))


_OF_ARTIFACT = _Ending(lambda path, pk: Q(**{path: pk}), closed_planned=prepared)
_OF_SEQUENCE = _Ending(lambda path, pk: Q(**{f"{path}__versions__collection": pk}))
_OF_PROJECT = _Ending(lambda path, pk: Q(**{f"{path}__project": pk}))
