"""What comes between somebody and their upload: nothing is missing from a version without a word,
and what the page says is what the server did."""

from __future__ import annotations

import os
import re
from queue import Queue

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from artifacts.models import Artifact
from registries.models import Version
from tests.browser.screens import ends_with, said
from tests.browser.test_uploads import FILE_UPLOADS, LOGGED, PROJECT, choose, submit, written

BEGIN, FINISH = "**/uploads", "**/uploads/*/finish"
# Chromium does not name the kinds of its entries: they are had from what is dropped.
SLOW_FOLDERS = """
    const released = new Promise((done) => { window.release = done; });
    const asked = DataTransferItem.prototype.webkitGetAsEntry;
    DataTransferItem.prototype.webkitGetAsEntry = function () {
      const entry = asked.call(this), kind = Object.getPrototypeOf(entry.createReader());
      const read = kind.readEntries;
      kind.readEntries = function (...given) { released.then(() => read.apply(this, given)); };
      return entry;
    };
"""
ONE_IS_LOCKED = """
    const asked = DataTransferItem.prototype.webkitGetAsEntry;
    DataTransferItem.prototype.webkitGetAsEntry = function () {
      const entry = asked.call(this), kind = Object.getPrototypeOf(entry.createReader());
      const read = kind.readEntries;
      kind.readEntries = function (done, failed) {
        read.call(this, (inner) => {
          for (const one of inner.filter((each) => each.name === "locked.bin"))
            one.file = (_, refuse) => refuse(new DOMException("", "NotReadableError"));
          done(inner);
        }, failed);
      };
      return entry;
    };
"""


@pytest.fixture
def weights(tmp_path):
    return written(tmp_path, 1)


@pytest.fixture
def page(scripted, member, project):
    return scripted(member)


def fill(page) -> None:
    page.goto(f"{PROJECT}/upload?name=weights&type=model")
    page.wait_for_load_state()


def files(page):
    return page.locator("[data-field=files]")


def drop(page, *paths) -> None:
    """As a person does: out of another window."""
    box = page.locator("[data-drop]").bounding_box()
    session = page.context.new_cdp_session(page)
    dropped = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": dropped}
        session.send("Input.dispatchDragEvent", at)


def paths_of_version() -> set[str]:
    return set(Version.objects.get().artifact.entries.values_list("path", flat=True))


@pytest.fixture
def folder(tmp_path):
    """More files than a browser tells of at once."""
    inner = tmp_path / "data" / "inner"
    inner.mkdir(parents=True)
    for number in range(250):
        (inner / f"{number}.txt").write_text("x")
    (tmp_path / "data" / "last.txt").write_text("x")
    return tmp_path / "data"


ALL_OF_FOLDER = {f"data/inner/{number}.txt" for number in range(250)} | {"data/last.txt"}


def test_a_folder_that_is_still_being_read_is_uploaded_whole(page, folder):
    page.add_init_script(SLOW_FOLDERS)
    fill(page)
    drop(page, folder)
    expect(page.get_by_text("Reading the folder…").first).to_be_visible()
    submit(page)
    expect(page.get_by_text("The upload begins when all of it is read.")).to_be_visible()
    page.evaluate("window.release()")
    expect(page).to_have_url(ends_with(LOGGED))
    assert paths_of_version() == ALL_OF_FOLDER


def test_nothing_is_uploaded_while_a_dropped_file_cannot_be_read(page, folder):
    (folder / "inner" / "locked.bin").write_text("x")
    page.add_init_script(ONE_IS_LOCKED)
    fill(page)
    drop(page, folder)
    expect(files(page)).to_contain_text("251 chosen")
    row = files(page).get_by_role("listitem").filter(has_text="data/inner/locked.bin")
    expect(row).to_contain_text("cannot be read")
    submit(page)
    expect(files(page)).to_contain_text("Not readable: “data/inner/locked.bin”.")
    assert not Artifact.objects.exists()
    page.get_by_role("button", name="Remove data/inner/locked.bin").click()
    submit(page)
    expect(page).to_have_url(ends_with(LOGGED))
    assert paths_of_version() == ALL_OF_FOLDER


def test_a_version_whose_answer_was_lost_is_found_by_going_on(page, weights):
    def lose(route) -> None:
        route.fetch()
        route.abort()

    choose(page, weights)
    page.route(FINISH, lose, times=1)
    submit(page)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(ends_with(LOGGED))
    assert Version.objects.count() == 1


def test_whoever_cancels_what_is_a_version_by_now_is_led_to_it(page, weights):
    done: Queue = Queue()

    def hold_the_answer(route) -> None:
        route.fetch()
        done.put(route)

    choose(page, weights)
    page.route(FINISH, hold_the_answer, times=1)
    submit(page)
    expect(page.get_by_text("All files have arrived.")).to_be_visible()
    while done.empty():
        page.evaluate("null")
    page.get_by_role("button", name="Cancel upload").click()
    expect(page).to_have_url(ends_with(LOGGED))
    expect(said(page)).to_contain_text("Uploaded as v0.")


def test_an_upload_begun_after_a_cancelled_one_is_left_alone_by_it(page, weights):
    page.clock.install()
    choose(page, weights)
    page.route(FILE_UPLOADS, lambda route: route.abort(), times=1)
    submit(page)
    expect(page.get_by_text("Connection lost")).to_be_visible()
    page.get_by_role("button", name="Cancel upload").click()
    expect(page.get_by_text("Upload cancelled. Nothing was uploaded.")).to_be_attached()
    held: Queue = Queue()
    page.route(FILE_UPLOADS, held.put, times=1)
    with page.expect_request(FILE_UPLOADS):
        submit(page)
    page.clock.fast_forward(16_000)
    expect(page.get_by_text("File 1 of 3")).to_be_visible()
    held.get_nowait().continue_()
    expect(page).to_have_url(ends_with(LOGGED))
    assert len(paths_of_version()) == 3


def test_enter_twice_begins_one_upload(page, weights):
    held: Queue = Queue()
    choose(page, weights)
    page.route(BEGIN, held.put)
    name = page.get_by_label("Artifact", exact=True)
    with page.expect_request(BEGIN):
        name.press("Enter")
    page.keyboard.press("Enter")
    expect(name).to_be_disabled()
    expect(page.get_by_role("button", name="Remove weights.bin")).to_be_disabled()
    expect(page.get_by_role("group", name="Upload", exact=True)).to_be_focused()
    assert held.qsize() == 1
    held.get_nowait().continue_()
    expect(page).to_have_url(ends_with(LOGGED))
    assert Artifact.objects.count() == 1


def test_a_proxy_that_takes_everything_and_passes_nothing_on_is_given_up(page, weights):
    page.clock.install()
    page.add_init_script("""
        const send = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (body) {
          if (body instanceof Blob) this.upload.dispatchEvent(new ProgressEvent("progress"));
          send.call(this, body);
        };
    """)
    choose(page, weights)
    page.route(
        FILE_UPLOADS,
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    submit(page)
    for attempt in range(1, 9):
        expect(page.get_by_text(f"attempt {attempt} of 8.")).to_be_visible()
        page.clock.fast_forward(16_000)
    expect(page.get_by_text("The server cannot be reached. What has arrived")).to_be_visible()


def test_whoever_was_signed_out_signs_in_elsewhere_and_goes_on(page, weights, signed_in, member):
    held: Queue = Queue()
    choose(page, weights)
    page.route(FILE_UPLOADS, held.put, times=1)
    with page.expect_request(FILE_UPLOADS):
        submit(page)
    expect(page.get_by_text("File 1 of 3")).to_be_visible()
    Session.objects.all().delete()
    held.get_nowait().continue_()
    expect(page.get_by_text("You are signed out. Sign in in another tab").first).to_be_visible()
    page.context.clear_cookies()
    signed_in(page, member)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(ends_with(LOGGED))
    assert len(paths_of_version()) == 3


def test_a_file_that_changed_since_it_was_chosen_is_named(page, weights):
    choose(page, weights)
    weights[1].write_bytes(os.urandom(5))
    os.utime(weights[1], (0, 0))
    submit(page)
    expect(files(page)).to_contain_text("“weights.bin” has changed since it was chosen.")
    page.get_by_label("Files", exact=True).set_input_files(weights[1])
    submit(page)
    expect(page).to_have_url(ends_with(LOGGED))
    assert Version.objects.get().artifact.size == sum(file.stat().st_size for file in weights)


def test_a_name_chosen_twice_is_told(page, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, text in ((one, "first"), (other, "later")):
        folder.mkdir()
        (folder / "a.txt").write_text(text)
    choose(page, [one / "a.txt"])
    expect(files(page)).not_to_contain_text("Chosen twice")
    drop(page, other / "a.txt")
    expect(files(page)).to_contain_text("Chosen twice: “a.txt”. The later one is taken.")


def test_text_is_dropped_into_a_field(page):
    fill(page)
    field = page.get_by_label(re.compile("^Description"))
    box = field.bounding_box()
    session = page.context.new_cdp_session(page)
    text = {"items": [{"mimeType": "text/plain", "data": "dropped words"}], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": text}
        session.send("Input.dispatchDragEvent", at)
    expect(field).to_have_value("dropped words")


def test_a_refusal_that_belongs_to_no_field_has_the_focus(page, tmp_path):
    twins = [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("A", "a")]
    choose(page, twins)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("are the same name to some systems")
    expect(page.get_by_role("alert")).to_be_focused()


def test_whoever_cancels_sees_it_at_once_and_waits_for_no_server_that_hangs(page, weights):
    page.clock.install()
    choose(page, weights)
    held: Queue = Queue()
    page.route(FILE_UPLOADS, held.put, times=1)
    page.route("**/uploads/*/cancel", held.put)
    with page.expect_request(FILE_UPLOADS):
        submit(page)
    with page.expect_request("**/uploads/*/cancel"):
        page.get_by_role("button", name="Cancel upload").click()
    expect(page.get_by_text("Cancelling…")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel upload")).to_be_hidden()
    page.clock.fast_forward(16_000)
    expect(page.get_by_text("Upload cancelled. Nothing was uploaded.")).to_be_attached()
    expect(page.get_by_role("button", name="Upload version")).to_be_focused()
