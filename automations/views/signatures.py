"""Why does my signature not match? Paste what came, get the answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import Invalid
from automations.models import Integration
from automations.permissions import require_management
from automations.signature_check import LARGEST, Finding, Pasted, findings_of
from automations.views.places import EntityPlace, at_entity, caller, person
from registries.forms.typed import TypedForm
from registries.views.answers import answer, wants_fragment

FIELDS = ("headers", "body", "computed")


@require_http_methods(["GET", "HEAD", "POST"])
@at_entity
def check_signature(request: HttpRequest, place: EntityPlace, integration: int) -> HttpResponse:
    """Nothing of it is kept."""
    require_management(caller(request), place.entity)
    webhook = place.integration(person(request), integration, Integration.Kind.WEBHOOK)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    findings: list[Finding] = []
    if request.method == "POST":
        if sum(map(len, typed.values())) > LARGEST:
            raise Invalid("too_long", "This is longer than any message: at most 64 kB.")
        # Forms send every line break as two characters; a body over HTTP has them as it was made.
        body = typed["body"].replace("\r\n", "\n")
        pasted = Pasted.of(typed["headers"], body, typed["computed"])
        findings = findings_of(webhook, pasted, timezone.now())
    context = {
        "place": place,
        "webhook": webhook,
        "form": TypedForm.of(**typed),
        "findings": findings,
    }
    if wants_fragment(request, "findings"):
        return answer(request, "integrations/_findings.html", context)
    return answer(request, "integrations/check_signature.html", context)
