"""A real Chromium before a real server. Nothing a page does wrong goes unnoticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests.browser.judge import Judge
from tests.machine.chromium import OPTIONS, WITHOUT_WINDOWS, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response
    from pytest_django.live_server_helper import LiveServer

    from accounts.models import User

FOLDER = __file__.rpartition("/")[0]
# Milliseconds. Longer than any page takes on a machine that does other things as well.
PATIENCE = 60_000
ColorScheme = Literal["light", "dark"]

# Chromium repeats refusals (403, 404, 422) as errors, though a page may well show them. HTMX notes
# each request that a newer one has replaced: the last one wins where somebody types.
HARMLESS = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if str(item.path).startswith(FOLDER):
            item.add_marker(pytest.mark.browser)


@dataclass
class Complaints:
    """What a browser says that no page may cause: script errors, refused content, lost files."""

    origin: str
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))
        context.on("request", self._note_request)
        context.on("response", self._note_response)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(HARMLESS):
            self.found.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"} and not self._is_ours(request.url):
            self.found.append(f"another site: {request.url}")

    def _note_response(self, response: Response) -> None:
        is_file = urlsplit(response.url).path.startswith(settings.STATIC_URL)
        if response.status >= 500 or (is_file and response.status >= 400):
            self.found.append(f"{response.status}: {response.url}")

    def _is_ours(self, address: str) -> bool:
        return address.startswith(f"{self.origin}/")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for each test process. Playwright runs a loop in this thread, which Django takes for
    asynchronous code; it is told that nothing here runs at the same time."""
    path = chromium()
    if path is None:
        pytest.skip(f"Chromium is missing: sudo apt-get install {WITHOUT_WINDOWS}")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield running
        running.close()


@dataclass
class Profile:
    """One browser with cookies and a cache of its own, and what it complains about. Its first
    page stays open, so that the process that draws pages need not start again."""

    context: BrowserContext
    complaints: Complaints

    def clean(self) -> list[str]:
        """Signed out and empty; styles and scripts stay cached. Returns the complaints."""
        for page in self.context.pages[1:]:
            page.close()
        self.context.clear_cookies()
        complaints, self.complaints.found = self.complaints.found, []
        return complaints


@pytest.fixture(scope="session")
def profiles() -> dict[tuple[Any, ...], list[Profile]]:
    """By their options, those that no test is using: a new one would load every style again."""
    return {}


@pytest.fixture
def color_scheme() -> ColorScheme:
    """What the person's system prefers. Parametrize with "light" and "dark"."""
    return "light"


@pytest.fixture
def open_browser(
    browser: Browser,
    profiles: dict[tuple[Any, ...], list[Profile]],
    live_server: LiveServer,
    color_scheme: ColorScheme,
) -> Iterator[Callable[..., Page]]:
    """Opens an empty page as somebody new; `java_script_enabled=False` and the like are passed
    to the browser. At the end of the test all that the browser complained about is a failure."""
    cache.clear()
    in_use: list[tuple[tuple[Any, ...], Profile]] = []

    def open_page(**options: Any) -> Page:
        usual = {"base_url": live_server.url, "color_scheme": color_scheme}
        options = usual | {"java_script_enabled": True} | options
        like = tuple(sorted(options.items()))
        unused = profiles.setdefault(like, [])
        profile = unused.pop() if unused else _new_profile(browser, options)
        in_use.append((like, profile))
        return profile.context.new_page()

    yield open_page
    found = []
    for like, profile in in_use:
        found += profile.clean()
        profiles[like].append(profile)
    assert not found, "\n".join(found)


def _new_profile(browser: Browser, options: dict[str, Any]) -> Profile:
    context = browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    context.new_page().goto("/healthz")
    complaints = Complaints(options["base_url"])
    complaints.watch(context)
    return Profile(context, complaints)


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    return open_browser()


@pytest.fixture
def page_without_javascript(open_browser: Callable[..., Page]) -> Page:
    return open_browser(java_script_enabled=False)


@pytest.fixture
def signed_in(live_server: LiveServer) -> Callable[[Page, User], Page]:
    """`signed_in(page, user)`: the page, of a browser in which the person has a session."""

    def sign_in(page: Page, user: User) -> Page:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return page

    return sign_in


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def has_javascript(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def browse(
    open_browser: Callable[..., Page],
    signed_in: Callable[[Page, User], Page],
    has_javascript: bool,
) -> Callable[[User], Page]:
    """`browse(user)`: the browser of somebody with a session; each test once without script."""

    def open_as(user: User) -> Page:
        return signed_in(open_browser(java_script_enabled=has_javascript), user)

    return open_as


@pytest.fixture
def scripted(
    open_browser: Callable[..., Page], signed_in: Callable[[Page, User], Page]
) -> Callable[[User], Page]:
    """As `browse`, for what is there with JavaScript alone."""
    return lambda user: signed_in(open_browser(), user)


@pytest.fixture(params=["admin", "member"])
def editor(request: pytest.FixtureRequest) -> User:
    """Whoever may change custom aliases."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def judge_for(scripted: Callable[[User], Page]) -> Iterator[Callable[[User], Judge]]:
    """`judge_for(user)`: looks at pages as this person; at the end nothing may have been found."""
    judges: list[Judge] = []

    def judge(user: User) -> Judge:
        judges.append(Judge(scripted(user)))
        return judges[-1]

    yield judge
    found = [one for judge in judges for one in judge.found]
    assert not found, "\n".join(found)
