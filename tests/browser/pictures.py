"""Takes pictures of every page into `docs/pictures` and writes `docs/ui.md`: `make screenshots`."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.sign_in_links import create_sign_in_link
from tests.browser.gallery import shots
from tests.browser.gallery_scene import furnish

DOCS = Path(os.environ.get("PICTURES", Path(__file__).parents[2] / "docs"))
WIDTHS = {360: 780, 1280: 900, 1920: 1080}
THEMES = ("light", "dark")
MOST_PIXELS_HIGH = 1100
WIDEST = 960  # of a picture; a wider page is drawn smaller
TOP = """\
# Every page

Each in the light and the dark theme, for windows of 1280, 1920 and 360 pixels. `make screenshots`
takes them anew, from the demonstration and what a team adds to it; each opens larger.
"""


@pytest.fixture
def take(open_browser):
    """`take(shot)`: in both themes, at each width; the browsers of different people are kept."""
    pages = {}

    def page_of(name):
        if name not in pages:
            page = pages[name] = open_browser()
            if name:
                link = create_sign_in_link(OPERATOR, User.objects.get(username=name))
                page.goto(f"/sign-in/{link}")
                page.get_by_role("button", name="Sign in", exact=True).click()
                page.wait_for_url("**/orgs/**")
        return pages[name]

    def take_all(shot):
        page = page_of(shot.who)
        page.goto(shot.address)
        shot.do(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                _bring_into_view(page)
                place(shot, width, theme).write_bytes(_picture(page, width, height))

    return take_all


def place(shot, width: int, theme: str) -> Path:
    return DOCS / "pictures" / f"{shot.name}-{width}-{theme}.webp"


def _bring_into_view(page) -> None:
    """What the person has opened may be far down the page."""
    opened = page.locator("main .popover[open] > .popover__panel")
    page.evaluate("scrollTo(0, 0)")
    if opened.count():
        opened.first.scroll_into_view_if_needed()


def _picture(page, width: int, height: int) -> bytes:
    """Of the whole page, if it is not endless, or of what a question leaves to be seen. Small: the
    format is made for the web."""
    top = page.evaluate("scrollY")
    is_cut = top or page.locator("dialog").count()
    full = 0 if is_cut else page.evaluate("document.body.scrollHeight")
    high = min(max(full, height), MOST_PIXELS_HIGH)
    clip = {"x": 0, "y": top, "width": width, "height": high}
    options = {
        "format": "webp",
        "quality": 30,
        "captureBeyondViewport": True,
        "clip": clip | {"scale": min(1, WIDEST / width)},
    }
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", options)
    session.detach()
    return base64.b64decode(taken["data"])


def _section(shot) -> str:
    def image(width: int, theme: str, shown: int) -> str:
        at = f"pictures/{place(shot, width, theme).name}"
        return (
            f'<a href="{at}"><img src="{at}" width="{shown}" '
            f'alt="{shot.title}, {theme}, {width} pixels wide"></a>'
        )

    rows = (
        " ".join(
            image(width, theme, shown) for width, shown in ((1280, 330), (1920, 330), (360, 90))
        )
        for theme in THEMES
    )
    return f"## {shot.title}\n\n" + "\n\n".join(rows) + "\n"


def test_every_page_is_in_the_picture_book(transactional_db, settings, take):
    settings.WAYMARK_OUTBOUND_ALLOW = ["127.0.0.1"]
    furnish()
    (DOCS / "pictures").mkdir(parents=True, exist_ok=True)
    for old in (DOCS / "pictures").glob("*.webp"):
        old.unlink()
    book = shots()
    for shot in book:
        take(shot)
    (DOCS / "ui.md").write_text("\n".join([TOP, *map(_section, book)]))
