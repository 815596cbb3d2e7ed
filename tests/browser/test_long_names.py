"""Names as long and as wide as they may be, where there is little room."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.operations.organizations import set_organization_role
from accounts.operations.teams import create_team
from artifacts.operations.projects import create_project
from artifacts.operations.runs import start_run
from registries.operations.organizations import create_organization
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.web_addresses import version_address
from tests.browser.judge import STICKING_OUT
from tests.browser.screens import HOME, popover, question
from tests.personas import caller_of
from tests.things import link, log, put

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
# What ends with an ellipsis does so inside.
OUT_OF_THE_BOX = """box => {
    const end = box.getBoundingClientRect().right;
    const words = document.createRange();
    const found = [];
    const isCut = (part) => part !== box
        && (getComputedStyle(part).overflowX !== "visible" || isCut(part.parentElement));
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        words.selectNodeContents(text);
        const isOut = words.getBoundingClientRect().right > end;
        if (isOut && !isCut(text.parentElement)) found.push(text.data);
    }
    return found;
}"""
IS_CUT_WITH_AN_ELLIPSIS = """type => {
    const right = (part) => part.getBoundingClientRect().right;
    return type.scrollWidth > type.clientWidth && right(type) < right(type.closest("tr"));
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


@pytest.fixture
def questions(org_admin, member, organization):
    """The addresses of what is asked before long names end."""
    project = create_project(caller_of(org_admin), organization.teams.get().entity, "P" * 128)
    registry = create_registry(caller_of(org_admin), organization, "R" * 113)
    source = log(member, project, "as published", name="s" * 128)
    link(org_admin, source.artifact, registry, name="c" * 128)
    protect_aliases(caller_of(org_admin), registry, ["p" * 128])
    linked = link(org_admin, source.artifact, registry, name="d" * 128)
    put(org_admin, linked, "p" * 128)
    other_team = create_team(caller_of(org_admin), organization, "T" * 64)
    return [
        f"{HOME}registry/{registry.name}/settings/delete",
        f"{HOME}registry/{registry.name}/collections/{'c' * 128}/delete",
        f"{HOME}registry/{registry.name}/collections/{'d' * 128}/delete",
        f"{version_address(linked)}/unlink",
        f"/{project.entity.name}/{project.name}/delete-project",
        f"/{project.entity.name}/{project.name}/collections/{'s' * 128}/delete-artifact",
        f"{version_address(source)}/delete",
        f"{HOME}teams/{other_team.name}/delete",
    ]


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_question_about_long_names_stays_in_its_box(width, scripted, org_admin, questions):
    page = scripted(org_admin)
    page.set_viewport_size({"width": width, "height": 800})
    for address in questions:
        page.goto(address)
        assert page.locator(".dialog").evaluate(OUT_OF_THE_BOX) == [], address
        assert page.evaluate(STICKING_OUT) is None, address
    page.goto(f"{HOME}registry/{'R' * 113}/settings")
    page.get_by_role("link", name="Delete registry…").click()
    assert question(page, f"Delete {'R' * 113}?").evaluate(OUT_OF_THE_BOX) == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_long_type_ends_with_an_ellipsis_in_its_row(width, scripted, member, project):
    log(member, project, "as published", type_name="t" * 128)
    page = scripted(member)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/{project.entity.name}/{project.name}")
    assert page.locator("td .truncate").evaluate(IS_CUT_WITH_AN_ELLIPSIS)
