"""Names as long and as wide as they may be, where there is little room."""

from __future__ import annotations

import pytest

from artifacts.operations.runs import start_run
from registries.web_addresses import version_address
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
