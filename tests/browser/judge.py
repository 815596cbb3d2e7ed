"""Looks at a page as axe does, in both themes, and for what sticks out, at four widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (1920, 1280, 800, 768, 360)
USUAL = {"width": 1280, "height": 900}
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The themes differ in colours alone; where there is little room, in these as well.
COLOURS = ["color-contrast", "link-in-text-block"]
ROOM = ["target-size", "scrollable-region-focusable"]
RUN_AXE = """([tags, smallTargets]) => axe.run({
    resultTypes: ["violations"],
    preload: false,
    runOnly: tags,
    rules: {"target-size": {enabled: !smallTargets}},
}).then(results => results.violations)"""
# The innermost element that reaches as far as the page can be scrolled sideways, if it can.
STICKING_OUT = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const end = (element) => element.getBoundingClientRect().left + element.scrollWidth;
    const found = [...document.querySelectorAll("*")].filter(
        (element) => Math.abs(end(element) - root.scrollWidth) < 2
    );
    return found.pop().outerHTML.slice(0, 200);
}"""

# Tables that are wider than their boxes, so that the last column has to be looked for.
CUT = """() => [...document.querySelectorAll(".table-box")].filter(box => {
    const end = (element) => element.getBoundingClientRect().right;
    return end(box.querySelector("table")) > end(box) + 1;
}).map(box => box.querySelector("caption").textContent)"""
TWICE_ESCAPED = """() => {
    const found = document.body.innerText.match(/.{0,40}&(amp|lt|gt|quot|#\\d+);.{0,40}/);
    return found && found[0];
}"""


class Judge:
    """Gathers what is wrong with one page after another, so that one test tells all of it."""

    def __init__(self, page: Page) -> None:
        page.add_init_script(AXE_SCRIPT)
        page.set_viewport_size(USUAL)
        self.page = page
        self.found: list[str] = []

    def look_at(self, *addresses: str) -> None:
        for address in addresses:
            self.open(address)
            self.look(address)

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def look(self, state: str, *, covered: bool = False) -> None:
        """At the state the page is in now. What a menu covers in part may be small.

        A button may have led to another page, which has its words before its style sheet.
        """
        self.page.wait_for_load_state()
        self._ask_axe(state, EVERYTHING, covered)
        if twice_escaped := self.page.evaluate(TWICE_ESCAPED):
            self.found.append(f"{state}: escaped twice: {twice_escaped}")
        self.page.emulate_media(color_scheme="dark")
        self._ask_axe(f"{state}, dark", COLOURS, covered)
        self.page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if sticking_out := self.page.evaluate(STICKING_OUT):
                self.found.append(f"{state}: scrolls sideways at {width}: {sticking_out}")
            if cut := self.page.evaluate(CUT):
                self.found.append(f"{state}: wider than its box at {width}: {cut}")
        room = [rule for rule in ROOM if not (covered and rule == "target-size")]
        self._ask_axe(f"{state} at {WIDTHS[-1]}", room, covered)
        self.page.set_viewport_size(USUAL)

    def _ask_axe(self, state: str, tags: list[str], covered: bool) -> None:
        violations = self.page.evaluate(RUN_AXE, [tags, covered])
        self.found += [f"{state}: {_told(one)}" for one in violations]


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    html, summary = nodes[0]["html"][:200], nodes[0]["failureSummary"][:300]
    return f"{violation['id']}, {len(nodes)} ×: {html} {summary}"
