"""Text that people choose is text wherever it is shown."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.pages import PAGES
from tests.attacks.hostile import NAME, TEXT, fill
from tests.registries.views.pages import Node, Page

ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href")
EXECUTABLE = {"iframe", "object", "embed", "base", "style", "foreignobject", "applet", "meta"}


def executable(page: Page) -> list[Node]:
    """Whatever a browser would run, load or be led astray by, had the policy not forbidden it."""
    return [node for node in page.root.everything if _runs(node)]


def _runs(node: Node) -> bool:
    if node.tag == "script":
        is_ours = node.attributes.get("src", "").startswith("/static/") and not node.text
        return not is_ours and node.attributes.get("type") != "application/json"
    if node.tag in EXECUTABLE and not (node.tag == "meta" and "http-equiv" not in node.attributes):
        return True
    names = [name for name in node.attributes if name.startswith(("on", "hx-on", "style"))]
    led = [node.attributes.get(name, "").strip().lower() for name in ADDRESSES]
    return bool(names) or any(to.startswith(("javascript:", "data:", "vbscript:")) for to in led)


def test_what_is_looked_for_would_be_found(rf):
    class Answer:
        status_code, headers = 200, {}
        content = TEXT.encode()

    assert {node.tag for node in executable(Page(Answer()))} >= {"img", "svg", "script", "iframe"}


@pytest.fixture
def addresses(team, admin) -> list[str]:
    """Of every page, in the registry and project whose every text is hostile."""
    hostile = fill(team, admin)
    ours, theirs = hostile.places(), hostile.places_of_project()
    found = []
    for (name, query), (at, _) in PAGES.items():
        places = theirs if "entity" in at else ours
        # The addresses the SDK prints lead on; service accounts have no text but their names.
        if name.startswith("sdk-") or not at.keys() <= places.keys():
            continue
        rest = query.replace("crowd", "img").replace("production", "onerror")
        found.append(reverse(name, kwargs={key: places[key] for key in at}) + rest)
    return found


def test_no_text_of_anybody_is_executable_on_any_page(addresses, admin):
    client = Client()
    client.force_login(admin)
    shown = set()
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 302, 403}, address
        if answer.status_code == 302 or "attachment" in answer.get("Content-Disposition", ""):
            answer.getvalue()
            continue
        page = Page(answer)
        assert executable(page) == [], address
        if NAME in page.root.raw_text:
            shown.add(address)
    assert len(shown) > len(addresses) / 2


def test_a_mistyped_script_stands_in_its_field_as_text(registry, admin):
    client = Client()
    client.force_login(admin)
    address = reverse("protect-aliases", kwargs={"organization": "smle-reg", "registry": "Model"})
    page = Page(client.post(address, {"names": TEXT}))
    assert page.status == 422
    assert executable(page) == []
    assert "<script>alert(1)</script>" not in page.source
