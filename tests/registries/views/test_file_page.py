"""A file shown in the page: by what it holds, harmless whatever it holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from registries.operations.sources import log_version
from tests.personas import caller_of
from tests.registries.views.pages import Browser, Page

if TYPE_CHECKING:
    from accounts.models import User
    from artifacts.models import Project

SOURCE = {
    "entity": "smle-reg-team-2",
    "project": "zoo_experiment",
    "collection": "files",
    "number": 0,
}
SCRIPT = "<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n"
Show = Callable[[str, bytes], Page]


@pytest.fixture
def show(project: Project, member: User) -> Show:
    """The page of a file that holds these bytes."""

    def log_and_show(path: str, content: bytes) -> Page:
        files = {path: io.BytesIO(content)}
        log_version(caller_of(member), project, "files", "dataset", files)
        page = Browser(member).get("project-view-file", **SOURCE, file=path)
        assert page.status == 200
        return page

    return log_and_show


def preview(page: Page) -> str:
    return page.root.one(id="preview").text


def cells(page: Page) -> list[list[str]]:
    rows = page.root.one(id="preview").all("tr")
    return [[cell.text for cell in [*row.all("th"), *row.all("td")]] for row in rows]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with-byte-order-mark"])
def test_a_csv_is_a_table(show: Show, mark: bytes):
    page = show("zoo.csv", mark + b'animal,legs\n"ant, red",6\nbear,4\n')
    assert cells(page) == [["animal", "legs"], ["ant, red", "6"], ["bear", "4"]]


def test_of_a_long_or_wide_table_the_beginning_is_shown_and_the_page_says_so(show: Show):
    page = show("long.csv", b"a,b\n" + b"1,2\n" * 5000)
    assert len(cells(page)) == 201
    assert "Only the beginning is shown." in preview(page)


def test_json_is_a_tree(show: Show):
    page = show("config.json", b'{"layers": [64, {"rate": 0.1}], "name": "fox"}')
    tree = page.root.one(id="preview").all("dl", class_="tree")[0]
    assert [name.text for name in tree.all("dt")] == ["layers", "0", "1", "rate", "name"]
    assert [value.text for value in tree.all("code")] == ["64", "0.1", '"fox"']


def test_a_raster_image_is_a_picture_that_is_nothing_else_wherever_it_is_opened(
    show: Show, member: User
):
    page = show("fox.png", PNG + SCRIPT.encode())
    picture = page.root.one("img", class_="preview-image")
    assert picture.attributes["alt"] == "fox.png"
    assert picture.attributes["src"] == reverse(
        "project-file-image", kwargs=SOURCE | {"file": "fox.png"}
    )
    answer = Browser(member).client.get(picture.attributes["src"])
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(PNG)
    answer.close()


@pytest.mark.parametrize("path", ["a.svg", "a.html", "a.txt", "a.csv", "a.json", "a.png"])
def test_script_in_a_file_is_text(show: Show, member: User, path: str):
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{SCRIPT}</svg>"
    page = show(path, drawn.encode())
    assert SCRIPT in preview(page)
    assert not page.root.one(id="preview").all("script")
    assert not page.root.one(id="preview").all("svg", onload="alert(1)")
    image = reverse("project-file-image", kwargs=SOURCE | {"file": path})
    assert Browser(member).client.get(image).status_code == 404


HOSTILE = {
    "halves of a character": b'{"a": "\\ud800", "\\udfff": 1}',
    "lists in lists": b"[" * 900 + b"]" * 900,
    "lists in lists without end": b"[" * 500_000,
    "objects in objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "a number of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "numbers that are none": b"[NaN, Infinity, 1e999]",
    "a quarter of a million items": b"[" + b"1," * 250_000 + b"1]",
    "a name without end": b'{"' + b"k" * 900_000 + b'": 1}',
    "no JSON at all": b'{"a": ',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_json_that_is_made_to_break_a_page_does_not(show: Show, kind: str):
    page = show("hostile.json", HOSTILE[kind])
    assert preview(page)
    assert len(page.source) < 500_000


@pytest.mark.parametrize("path", ["empty.txt", "empty.csv", "empty.json"])
def test_an_empty_file_says_that_it_is_empty(show: Show, path: str):
    assert "An empty file" in preview(show(path, b""))


def test_what_is_no_text_is_offered_for_download_alone(show: Show):
    assert "Nothing to show" in preview(show("weights.bin", b"\x00\x01\x02"))


@pytest.mark.parametrize(
    "text",
    ["田中\u3000太郎", "1\u202f000\u00a0km", "می\u200cخواهم", "\N{WOMAN}\u200d\N{MICROSCOPE}"],
)
def test_text_keeps_its_spaces_and_joiners(show: Show, text: str):
    shown = show("a.txt", text.encode()).root.one("pre", class_="console")
    assert shown.raw_text.strip(" ") == text


def test_text_has_its_line_breaks_and_nothing_that_hides(show: Show):
    content = "one\rtwo\r\nthree\x1b[1;31m red\x08\u202eback\u2066 \x1b]8;;http://x\x1b\\link"
    shown = show("a.txt", f"{content}\x1b]8;;\x07".encode()).root.one("pre", class_="console")
    assert shown.raw_text.strip(" ") == "one\ntwo\nthree redback link"


def test_a_long_cell_of_a_table_is_cut_with_a_sign(show: Show):
    page = show("long.csv", b"a,b\n" + b"x" * 301 + b"," + b"y" * 300 + b"\n")
    assert cells(page)[1] == ["x" * 300 + "…", "y" * 300]
    assert "Only the beginning is shown." in preview(page)


def test_a_table_of_cells_that_just_fit_is_whole(show: Show):
    assert "Only the beginning" not in preview(show("fit.csv", b"a,b\n" + b"y" * 300 + b",\n"))
