"""What operators see under /admin/: every row, found by search, changed by operations alone.

Rows are read-only. An action hands each chosen row to an operation, which judges the operator as
it judges everybody: server staff has no right in data beyond its roles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model, QuerySet, TextField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from accounts.callers import Caller, Way
from accounts.errors import RegistryError
from accounts.models import User
from accounts.operator_lookups import (
    compares,
    could_be,
    has_an_answer,
    passed_by,
    shown_of,
    words_of,
)

MOST_ROWS_COUNTED = 10_000
ROWS_ON_A_PAGE = 50
MOST_COLUMNS = 6
# What other rows are called by.
NAMED_BY = ("entity", "collection", "user", "organization")

Do = Callable[[Caller, Any], object]
# Where the site shows a row of a model, told by the floor that has the page; "" for no page.
PAGES: dict[type[Model], Callable[[Any], str]] = {}
Action = Callable[["OperatorAdmin", HttpRequest, QuerySet[Any]], HttpResponse | None]


class OperatorSite(admin.AdminSite):
    """For staff; whoever else is signed in finds nothing at these addresses."""

    site_header = site_title = "Waymark for operators"
    index_title = "Everything on this server"
    final_catch_all_view = False
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            isinstance(user, User)
            and user.is_active
            and user.is_staff
            and not user.is_service_account
        )

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Other packages bring pages that write rows themselves: those stay away."""
        if admin_class is not None and issubclass(admin_class, OperatorAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        return judged

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Signing in, passwords and the rest are the product's own pages."""
        urls: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript), name="jsi18n"),
            path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list"),
        ]
        for model, model_admin in self._registry.items():
            options = model._meta
            prefix = f"{options.app_label}/{options.model_name}/"
            name = f"{options.app_label}_{options.model_name}"
            rows, row = model_admin.changelist_view, model_admin.change_view
            urls += [
                path(prefix, self.admin_view(rows), name=f"{name}_changelist"),
                path(f"{prefix}<path:object_id>/", self.admin_view(row), name=f"{name}_change"),
            ]
        return urls

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {
            "site_url": reverse("start"),
            "has_permission": False,  # its own links: password, sign out
            "is_nav_sidebar_enabled": False,
        }


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts so far and no further: what is beyond is found by searching."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_ROWS_COUNTED].count())


class OperatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Newest first, found by whatever text a row has, and nothing to write into."""

    list_per_page = ROWS_ON_A_PAGE
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-pk",)
    actions: Sequence[Action] = ()
    change_form_template = "admin/row.html"
    # Relations that `named` reads, beyond those of every list.
    named_by: Sequence[str] = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.admin_site.has_permission(request))

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @property
    def columns(self) -> list[Field[Any, Any]]:
        """All that may be shown."""
        return shown_of(self.opts)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [column.name for column in self.columns]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        if self.list_display != ("__str__",):
            return list(self.list_display)
        short = [column.name for column in self.columns if not isinstance(column, TextField)]
        return short[:MOST_COLUMNS]

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        """By what has an index: any other order would read all rows."""
        return [one.name for one in self.columns if one.primary_key or one.unique]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return list(self.search_fields) or self._searched()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """By one shown column of the row itself: a list that is narrowed tells what it is asked.

        A hidden one would be read letter by letter, be it of the row or of what belongs to it.
        """
        passed, comparison = passed_by(self.model, lookup)
        if not passed:
            return True  # no column has this name: Django leads back to the whole list
        if len(passed) > 1 or passed[0] not in self.columns or not compares(passed[0], comparison):
            return False
        if not has_an_answer(passed[0], comparison, value):
            raise IncorrectLookupParameters
        return True

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        column = self.opts.get_field(from_field) if from_field else self.opts.pk
        if not could_be(column, object_id):
            return None
        return super().get_object(request, object_id, from_field)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *rest: Any, **more: Any
    ) -> HttpResponse | None:
        """What can be no row's key was not ticked by anybody: it counts as not chosen."""
        chosen = request.POST.copy()
        keys = chosen.getlist(ACTION_CHECKBOX_NAME)
        chosen.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if could_be(self.opts.pk, key)])
        request.POST = chosen  # type: ignore[assignment]
        return super().response_action(request, queryset, *rest, **more)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self._related())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def named(self, row: Any) -> str:
        """What a question and a refusal call a row.

        Quoted at the beginning, where the page writes the first letter of a message large.
        """
        return f"“{row}”"

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Whoever is staff finds there what their own roles let them see."""
        page = PAGES.get(self.model)
        return (page(obj) or None) if page is not None and obj is not None else None

    def _searched(self) -> list[str]:
        """Its own words; the name or else the words of what it belongs to where it has none."""
        foreign = [one for one in self.columns if isinstance(one, ForeignKey)]
        return (
            words_of(self.columns)
            or [
                f"{key.name}__{name}"
                for key in foreign
                for name in ("name", "username", "display_name")
                if name in {one.name for one in key.related_model._meta.get_fields()}
            ]
            or [
                f"{key.name}__{word}"
                for key in foreign
                for word in words_of(shown_of(key.related_model._meta))
            ]
        )

    def _related(self) -> list[str]:
        found = []
        for key in (one for one in self.columns if isinstance(one, ForeignKey)):
            found.append(key.name)
            for inner in key.related_model._meta.concrete_fields:
                if inner.name in NAMED_BY:
                    found.append(f"{key.name}__{inner.name}")
                    if inner.name == "organization":
                        found.append(f"{key.name}__{inner.name}__entity")
        return found


def operation(label: str, do: Do) -> Action:
    """An action that asks first, then hands the chosen rows to `do` one by one."""

    @admin.action(description=label)
    def action(
        of: OperatorAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        # Those that were ticked: “all on all pages” is more than a person has looked at.
        keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        rows = list(queryset.filter(pk__in=keys).select_related(*of.named_by))
        if len(rows) < len(keys):
            _tell_of_missing(of, request, len(keys) - len(rows), len(keys))
        if "confirmed" not in request.POST:
            return _question(of, request, label, rows)
        _do_each(of, request, label, do, rows)
        return None

    action.__name__ = label.lower().replace(" ", "_")
    return action


def _tell_of_missing(of: OperatorAdmin, request: HttpRequest, missing: int, chosen: int) -> None:
    were = "was" if missing == 1 else "were"
    of.message_user(request, f"{missing} of {chosen} {were} not there any more.", messages.WARNING)


def _question(of: OperatorAdmin, request: HttpRequest, label: str, rows: list[Any]) -> HttpResponse:
    context = of.admin_site.each_context(request) | {
        "title": label,
        "opts": of.opts,
        "rows": [(row.pk, of.named(row)) for row in rows],
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/confirm_operation.html", context)


def _do_each(of: OperatorAdmin, request: HttpRequest, label: str, do: Do, rows: list[Any]) -> None:
    """Each row is a request of its own: one that is refused keeps no other from being done."""
    assert isinstance(request.user, User)  # noqa: S101 judged by the site
    by, done = Caller(request.user, Way.ADMIN), 0
    for row in rows:
        named = of.named(row)
        try:
            do(by, row)
            done += 1
        except RegistryError as refusal:
            of.message_user(request, f"{named}: {refusal.sentence}", messages.ERROR)
    if done:
        of.message_user(request, f"{label}: done for {done}.", messages.SUCCESS)


def register_others(app_label: str, site: admin.AdminSite | None = None) -> None:
    """Shows every model of an app that has no page of its own yet."""
    site = site or admin.site
    for model in apps.get_app_config(app_label).get_models():
        if not site.is_registered(model):
            site.register(model, OperatorAdmin)
