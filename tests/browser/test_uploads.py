"""Several files become a version, in sight and with a way to stop it; all come back in one file."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from registries.models import Version
from tests.browser.line import line_to
from tests.browser.screens import ends_with, said, section
from tests.counts import few_and_all

if TYPE_CHECKING:
    from playwright.sync_api import Route

PROJECT = "/smle-reg-team-2/zoo_experiment"
LOGGED = f"{PROJECT}/collections/weights/versions/v0"
MEGABYTE = 1_000_000
FILE_UPLOADS = "**/uploads/*/files/*"


def written(folder: Path, megabytes: int) -> list[Path]:
    """Three files: nearly all is in the second."""
    sizes = {"config.json": 2_000, "weights.bin": megabytes * MEGABYTE, "labels.txt": 900}
    for name, size in sizes.items():
        with (folder / name).open("wb") as file:
            for start in range(0, size, MEGABYTE):
                file.write(os.urandom(min(MEGABYTE, size - start)))
    return [folder / name for name in sizes]


@pytest.fixture
def weights(tmp_path):
    return written(tmp_path, 20)


@pytest.fixture(params=few_and_all(20, 500), ids=lambda megabytes: f"{megabytes}-MB")
def heavy_weights(request, tmp_path):
    return written(tmp_path, request.param)


def digest_of(file) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def choose(page, files) -> None:
    page.goto(PROJECT)
    page.get_by_role("main").get_by_role("link", name="Upload version").first.click()
    page.get_by_label("Files", exact=True).set_input_files(files)
    page.get_by_label("Artifact", exact=True).fill("weights")
    page.get_by_label("Type", exact=True).fill("model")


def submit(page) -> None:
    page.get_by_role("button", name="Upload version").click()


def expect_all_back(page, files) -> None:
    """By the page of the version, as one file."""
    expect(page).to_have_url(ends_with(LOGGED))
    expect(said(page)).to_contain_text("Uploaded as v0.")
    for file in files:
        expect(section(page, "Files")).to_contain_text(file.name)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).first.click()
    with zipfile.ZipFile(download.value.path()) as whole:
        assert whole.testzip() is None
        assert sorted(whole.namelist()) == sorted(file.name for file in files)
        for file in files:
            with whole.open(file.name) as back, file.open("rb") as sent:
                assert digest_of(back) == digest_of(sent)


def test_several_files_are_uploaded_and_downloaded_together(browse, member, project, heavy_weights):
    page = browse(member)
    choose(page, heavy_weights)
    submit(page)
    expect_all_back(page, heavy_weights)


def test_the_list_of_chosen_files_says_how_many_it_leaves_out(scripted, member, project):
    page = scripted(member)
    empty = {"mimeType": "text/plain", "buffer": b""}
    choose(page, [{"name": f"{number}.txt", **empty} for number in range(503)])
    expect(page.get_by_text("503 chosen, 0 B. More can be added.")).to_be_visible()
    expect(page.locator(".upload-files > li")).to_have_count(501)
    expect(page.get_by_text("and 3 more that are not listed")).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_text("not listed")).to_have_count(0)


def test_files_chosen_before_the_script_came_are_uploaded(scripted, member, project, weights):
    page = scripted(member)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/upload*.js", hold)
    with page.expect_request("**/js/upload*.js"):
        page.goto(f"{PROJECT}/upload", wait_until="commit")
    page.get_by_label("Files", exact=True).set_input_files(weights)
    held[0].continue_()
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_label("Artifact", exact=True).fill("weights")
    page.get_by_label("Type", exact=True).fill("model")
    submit(page)
    expect_all_back(page, weights)


@pytest.fixture
def line(live_server):
    """What a browser opened with its address sends goes by it."""
    with line_to((live_server.thread.host, live_server.thread.port)) as line:
        yield line


def expect_on_its_way(page) -> None:
    expect(page.get_by_text(re.compile(r" of .+B, [1-9]\d? %"))).to_be_visible()
    assert 0 < float(progress(page).get_attribute("value")) < 1


def test_on_a_slow_line_an_upload_is_cancelled_and_taken_up_where_the_line_was_cut(
    open_browser, signed_in, line, member, project, heavy_weights
):
    page = signed_in(open_browser(base_url=line.address), member)
    choose(page, heavy_weights)
    line.hold_after(heavy_weights[1].stat().st_size // 4)
    submit(page)
    expect_on_its_way(page)
    page.get_by_role("button", name="Cancel upload").click()
    expect(page.get_by_text("Upload cancelled. Nothing was uploaded.")).to_be_attached()
    assert not Version.objects.exists()
    submit(page)
    expect_on_its_way(page)
    line.cut()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    line.mend()
    expect_all_back(page, heavy_weights)


def progress(page):
    return page.get_by_role("progressbar", name="Uploaded")


def test_an_upload_shows_its_progress_and_is_cancelled_and_begun_again(
    scripted, member, project, weights
):
    page = scripted(member)
    held: Queue = Queue()
    choose(page, weights)
    page.route(FILE_UPLOADS, held.put)
    with page.expect_request(FILE_UPLOADS):
        submit(page)
    expect(page.get_by_text("File 1 of 3: config.json")).to_be_visible()
    expect(progress(page)).to_have_attribute("value", "0")
    with page.expect_request(FILE_UPLOADS):
        held.get_nowait().continue_()
    expect(page.get_by_text("File 2 of 3: weights.bin")).to_be_visible()
    assert 0 < float(progress(page).get_attribute("value")) < 1
    page.get_by_role("button", name="Cancel upload").click()
    expect(page.get_by_text("Upload cancelled. Nothing was uploaded.")).to_be_attached()
    expect(progress(page)).to_be_hidden()
    assert not Version.objects.exists()
    page.unroute(FILE_UPLOADS)
    submit(page)
    expect_all_back(page, weights)


def test_a_file_is_taken_off_the_list_before_it_is_sent(scripted, member, project, weights):
    page = scripted(member)
    choose(page, weights)
    page.get_by_role("button", name="Remove weights.bin").click()
    submit(page)
    expect_all_back(page, [weights[0], weights[2]])


def test_a_lost_connection_is_taken_up_again(scripted, member, project, weights):
    page = scripted(member)
    choose(page, weights)
    page.route(FILE_UPLOADS, lambda route: route.abort(), times=1)
    submit(page)
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect_all_back(page, weights)


def test_a_server_that_stays_away_is_gone_on_with_later(scripted, member, project, weights):
    page = scripted(member)
    page.clock.install()
    choose(page, weights)
    page.route(FILE_UPLOADS, lambda route: route.abort())
    submit(page)
    for attempt in range(1, 9):
        expect(page.get_by_text(f"attempt {attempt} of 8.")).to_be_visible()
        page.clock.fast_forward(16_000)
    expect(
        page.get_by_text("The server cannot be reached. What has arrived is kept")
    ).to_be_visible()
    page.unroute(FILE_UPLOADS)
    page.get_by_role("button", name="Go on").click()
    expect_all_back(page, weights)


def test_an_upload_without_files_is_refused_beside_the_field(browse, member, project):
    page = browse(member)
    page.goto(f"{PROJECT}/upload?name=weights&type=model")
    submit(page)
    files = page.get_by_label("Files", exact=True)
    expect(files).to_have_attribute("aria-invalid", "true")
    expect(files).to_have_accessible_description(re.compile("Choose at least one file."))
    expect(page.get_by_label("Artifact", exact=True)).to_have_value("weights")
    assert not Version.objects.exists()


def test_what_is_wrong_with_a_field_stands_under_its_control(scripted, member, project, tmp_path):
    page = scripted(member)
    choose(page, written(tmp_path, 1)[:1])
    page.get_by_label("Artifact", exact=True).fill("a/b")
    page.get_by_role("button", name="Upload version").click()
    error = page.locator("#name-error")
    expect(error).to_contain_text("A collection name has none of")
    expect(error.locator("svg")).to_be_visible()
    hint = page.locator("#name-hint")
    assert error.bounding_box()["y"] < hint.bounding_box()["y"]
    expect(page.get_by_label("Artifact", exact=True)).to_have_accessible_description(
        re.compile("A collection name.*A new name begins a new artifact")
    )


def test_more_files_than_a_version_may_be_uploaded_with_are_counted(scripted, member, project):
    page = scripted(member)
    page.goto(f"{PROJECT}/upload?name=weights&type=model")
    page.evaluate("""() => {
        const files = new DataTransfer();
        for (let number = 0; number < 10001; number += 1)
          files.items.add(new File(["x"], `${number}.txt`));
        const input = document.getElementById("files");
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    submit(page)
    expect(page.locator("[data-field=files]")).to_contain_text(
        "Choose at most 10,000 files: 10,001 are chosen."
    )
    assert not Version.objects.exists()
