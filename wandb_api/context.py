"""What every resolver of one request has: the caller, the addresses, rights answered once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from graphql import GraphQLResolveInfo

from accounts.callers import Caller, Way
from accounts.models import User
from artifacts.models import Project
from registries.models import Version
from registries.named import sees_project
from registries.permissions import Access, access_for
from registries.visibility import homes_visible_to

# Of a collection, and the number or alias of the version in it.
VersionName = tuple[str, str]


@dataclass
class Context:
    request: HttpRequest
    user: User
    _access: dict[int, Access] = field(default_factory=dict)
    _seen: dict[int, bool] = field(default_factory=dict)
    _found_ahead: dict[tuple[int, VersionName], list[Version]] = field(default_factory=dict)
    # Whether the request writes every name it asks by as the thing itself bears it.
    writes_names_as_kept: bool = True

    @property
    def by(self) -> Caller:
        return Caller(self.user, Way.SDK)

    def access(self, project: Project) -> Access:
        """For reading within this request. Operations judge anew under their locks."""
        if project.pk not in self._access:
            self._access[project.pk] = access_for(self.user, project)
        return self._access[project.pk]

    def sees(self, project: Project) -> bool:
        """Whether the project exists for the caller, looked up once within this request."""
        if project.pk not in self._seen:
            self._seen[project.pk] = sees_project(self.user, project.pk)
        return self._seen[project.pk]

    def note_seen(self, project: Project, *, is_seen: bool = True) -> None:
        """What was found out while something else was looked up."""
        self._seen[project.pk] = is_seen

    def note_name(self, written: str, kept: str) -> None:
        """By what name something was asked for, and which it bears."""
        if written != kept:
            self.writes_names_as_kept = False

    def note_found_ahead(self, project_id: int, name: VersionName, found: list[Version]) -> None:
        """The version of this name, or none, as it was when the project was found."""
        self._found_ahead[project_id, name] = found

    def take_found_ahead(self, project_id: int, name: VersionName) -> list[Version] | None:
        """Once: when it is asked again it may have changed. None when it was not looked for."""
        return self._found_ahead.pop((project_id, name), None)

    def look_at(self, project_ids: Iterable[int]) -> None:
        """Those of one page at once, so that none of its rows asks for itself."""
        unknown = set(project_ids) - self._seen.keys()
        if unknown:
            visible = homes_visible_to(self.user).filter(pk__in=unknown)
            seen = set(visible.values_list("pk", flat=True))
            self._seen.update((project_id, project_id in seen) for project_id in unknown)

    def address(self, view: str, *parts: Any) -> str:
        """Absolute, as the SDK needs it."""
        path = reverse(view, args=parts)
        if settings.WAYMARK_BASE_URL:
            return str(settings.WAYMARK_BASE_URL).rstrip("/") + path
        return self.request.build_absolute_uri(path)


def shares_run(request: HttpRequest) -> bool:
    """Whether it comes from one of several processes that report one run, with `mode="shared"`."""
    return request.headers.get("X-Wandb-Use-Async-Filestream") == "true"


Info: TypeAlias = "GraphQLResolveInfo[Context]"
