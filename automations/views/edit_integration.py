"""Webhooks and Slack channels: the forms that make and change one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid, RegistryError
from automations.fingerprints import fingerprint_of
from automations.forms.headers import typed_headers
from automations.forms.stored_now import OF_SLACK, OF_WEBHOOK, stored_now, words_of_webhook
from automations.granted import header_names_of
from automations.models import Integration, Secret
from automations.operations import integrations as operations
from automations.permissions import require_management
from automations.queries.integrations import secrets_of
from automations.views.places import EntityPlace, at_entity, caller, person
from registries.forms.typed import TypedForm, plain
from registries.operations.seen import CHANGED_MEANWHILE
from registries.views.answers import announce, answer, go

WEBHOOK_FIELDS = (
    "name",
    "url",
    "access_token",
    "signing_secret",
    "headers",
    "drop_headers",
    "signature_encoding",
    "seen",
)
SLACK_FIELDS = ("channel", "workspace", "url", "seen")
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@at_entity
def create_webhook(request: HttpRequest, place: EntityPlace) -> HttpResponse:
    require_management(caller(request), place.entity)
    if request.method != "POST":
        form = TypedForm.of(signature_encoding=Integration.SignatureEncoding.BASE64)
        return _show_webhook(request, place, form)
    typed = _typed(request, WEBHOOK_FIELDS)
    try:
        saved = operations.create_webhook(
            caller(request),
            place.entity,
            typed["name"],
            typed["url"],
            access_token=_secret(request, place, typed, "access_token"),
            signing_secret=_secret(request, place, typed, "signing_secret"),
            headers=typed_headers(typed["headers"]),
            signature_encoding=typed["signature_encoding"],
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed, beside={"secret": "signing_secret"})
        return _show_webhook(request, place, form, status=refusal.status)
    return _saved(request, place, saved)


@require_http_methods(METHODS)
@at_entity
def edit_webhook(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    """Headers are written, not shown: an empty field keeps them, `drop_headers` empties them."""
    require_management(caller(request), place.entity)
    webhook = place.integration(person(request), integration, Integration.Kind.WEBHOOK)
    if request.method != "POST":
        form = TypedForm.of(**_stored_webhook(webhook), headers="", drop_headers="")
        return _show_webhook(request, place, form, webhook)
    typed = _typed(request, WEBHOOK_FIELDS)
    changes: dict[str, Any] = {}
    try:
        changes = {name: typed[name] for name in ("name", "url", "signature_encoding")}
        for name in ("access_token", "signing_secret"):
            changes[name] = _secret(request, place, typed, name)
        if typed["headers"] or typed["drop_headers"]:
            changes["headers"] = typed_headers(typed["headers"])
        seen = typed["seen"] or None
        saved = operations.edit_webhook(caller(request), webhook, seen=seen, **changes)
    except RegistryError as refusal:
        told = ""
        if refusal.code == CHANGED_MEANWHILE:
            webhook.refresh_from_db()
            stored = _stored_webhook(webhook)
            told = stored_now(OF_WEBHOOK, stored, typed, words_of_webhook(webhook))
            typed["seen"] = stored["seen"]
        form = TypedForm.refused(refusal, typed, beside={"secret": "signing_secret"})
        return _show_webhook(request, place, form, webhook, refusal.status, told)
    return _saved(request, place, saved)


@require_http_methods(METHODS)
@at_entity
def create_slack_channel(request: HttpRequest, place: EntityPlace) -> HttpResponse:
    require_management(caller(request), place.entity)
    if request.method != "POST":
        return _show_slack(request, place, TypedForm.of())
    typed = _typed(request, SLACK_FIELDS)
    try:
        saved = operations.create_slack_channel(
            caller(request),
            place.entity,
            typed["channel"],
            typed["url"],
            workspace=typed["workspace"],
        )
    except RegistryError as refusal:
        form = TypedForm.refused(refusal, typed | {"url": ""}, beside={"name": "channel"})
        return _show_slack(request, place, form, status=refusal.status)
    return _saved(request, place, saved)


@require_http_methods(METHODS)
@at_entity
def edit_slack_channel(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    """The address is a secret: an empty field keeps the one there is."""
    require_management(caller(request), place.entity)
    slack = place.integration(person(request), integration, Integration.Kind.SLACK)
    if request.method != "POST":
        form = TypedForm.of(**_stored_channel(slack), url="")
        return _show_slack(request, place, form, slack)
    typed = _typed(request, SLACK_FIELDS)
    try:
        saved = operations.edit_slack_channel(
            caller(request),
            slack,
            channel=typed["channel"],
            workspace=typed["workspace"],
            url=typed["url"] or None,
            seen=typed["seen"] or None,
        )
    except RegistryError as refusal:
        told = ""
        if refusal.code == CHANGED_MEANWHILE:
            slack.refresh_from_db()
            stored = _stored_channel(slack)
            told = stored_now(OF_SLACK, stored, typed)
            typed["seen"] = stored["seen"]
        form = TypedForm.refused(refusal, typed | {"url": ""}, beside={"name": "channel"})
        return _show_slack(request, place, form, slack, refusal.status, told)
    return _saved(request, place, saved)


def _typed(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    return {name: plain(request.POST.get(name, "")).strip() for name in names}


def _secret(
    request: HttpRequest, place: EntityPlace, typed: dict[str, str], name: str
) -> Secret | None:
    """One of the entity's own, by its id."""
    if not typed[name]:
        return None
    known = {str(one.pk): one for one in secrets_of(person(request), place.entity)}
    if typed[name] not in known:
        raise Invalid("secret", f"Choose a secret of {place.entity.name}.", field=name)
    return known[typed[name]]


def _stored_webhook(webhook: Integration) -> dict[str, str]:
    """What the form shows of it."""
    return {
        "name": webhook.name,
        "url": webhook.url,
        "access_token": str(webhook.access_token_id or ""),
        "signing_secret": str(webhook.signing_secret_id or ""),
        "signature_encoding": webhook.signature_encoding,
        "seen": fingerprint_of(webhook),
    }


def _stored_channel(slack: Integration) -> dict[str, str]:
    return {"channel": slack.name, "workspace": slack.workspace, "seen": fingerprint_of(slack)}


def _show_webhook(
    request: HttpRequest,
    place: EntityPlace,
    form: TypedForm,
    webhook: Integration | None = None,
    status: int = 200,
    told: str = "",
) -> HttpResponse:
    own = secrets_of(person(request), place.entity)
    context = {
        "place": place,
        "form": form,
        "webhook": webhook,
        "secrets": [(secret.pk, secret.name) for secret in own],
        "encodings": Integration.SignatureEncoding.choices,
        "header_names": header_names_of(webhook) if webhook else [],
        "stored_now": told,
    }
    return answer(request, "integrations/edit_webhook.html", context, status)


def _show_slack(
    request: HttpRequest,
    place: EntityPlace,
    form: TypedForm,
    slack: Integration | None = None,
    status: int = 200,
    told: str = "",
) -> HttpResponse:
    context = {"place": place, "form": form, "slack": slack, "stored_now": told}
    return answer(request, "integrations/edit_slack_channel.html", context, status)


def _saved(request: HttpRequest, place: EntityPlace, saved: operations.Saved) -> HttpResponse:
    announce(request, f"“{saved.integration.name}” saved. {saved.warning}".strip())
    return go(request, place.page)
