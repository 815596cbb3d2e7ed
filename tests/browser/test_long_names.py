"""Names as long and as wide as they may be, where there is little room."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.organizations import set_organization_role
from artifacts.operations.runs import start_run
from registries.operations.organizations import create_organization
from registries.web_addresses import version_address
from tests.browser.judge import STICKING_OUT
from tests.browser.screens import HOME, popover
from tests.personas import caller_of
from tests.things import link, log

NAMES = ["n" * 106, "W" * 106, "データセット" * 17, "\N{FOX FACE}" * 60, "MODEL_" * 17]
WIDER_THAN_THEIR_BOXES = """boxes => boxes.filter((box) => {
    const end = box.querySelector("rect").getBoundingClientRect().right;
    const texts = [...box.querySelectorAll("text")];
    return texts.some((text) => text.getBoundingClientRect().right > end);
}).map((box) => box.textContent)"""
CUT = """link => {
    const end = link.closest(".section").getBoundingClientRect().right + 1;
    return [...link.getClientRects()].some((line) => line.right > end);
}"""
LAID_OVER_ONE_ANOTHER = """header => {
    const parts = [...header.querySelectorAll(
        ".brand, .site-header__org > summary, .search, nav, .site-header__account > summary"
    )].map((part) => part.getBoundingClientRect()).filter((part) => part.width > 0);
    return parts.some((one, at) => parts.slice(at + 1).some((other) =>
        one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom));
}"""


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_a_long_name_is_read_in_the_lineage_and_in_the_history(
    name, scripted, member, project, registry
):
    run = start_run(caller_of(member), project, display_name=name)
    source = log(member, project, "as published", name=name, run=run)
    link(member, source.artifact, registry, name="Zoo")
    page = scripted(member)
    page.goto(f"{version_address(source)}/lineage")
    boxes = page.locator(".lineage__box")
    assert boxes.count() == 2
    assert boxes.evaluate_all(WIDER_THAN_THEIR_BOXES) == []
    page.goto(version_address(source))
    whole = page.locator("#version-history .section__head a")
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert not whole.evaluate(CUT)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_header_has_room_for_the_longest_name_of_an_organization(
    width, scripted, member, organization
):
    longest = create_organization(OPERATOR, "O" * 64)
    set_organization_role(OPERATOR, longest, member, "member")
    page = scripted(member)
    page.set_viewport_size({"width": width, "height": 800})
    for address in (HOME, f"/orgs/{longest.name}/"):
        page.goto(address)
        assert not page.locator(".site-header").evaluate(LAID_OVER_ONE_ANOTHER)
        page.locator(".site-header__org > summary").click()
        assert popover(page).get_by_role("link", name=longest.name).is_visible()
        assert page.evaluate(STICKING_OUT) is None
