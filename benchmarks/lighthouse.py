"""`make benchmark-lighthouse`: what Lighthouse says of the main pages, on a desk and on a phone.

    python -m benchmarks.lighthouse [--write]

The product with its demonstration, somebody signed in, a fresh Chromium for each look. Lighthouse
is installed by npm into a folder that is gone afterwards. `--write` puts the figures into
docs/performance.md. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.servers import waymark
from tests.machine.chromium import OPTIONS, WITHOUT_WINDOWS, chromium

LIGHTHOUSE = "lighthouse@12.8.2"
# Of 100.
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100}
FORMS = {"desktop": ["--preset=desktop"], "mobile": []}

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/performance.md"
BEGIN, END = "<!-- lighthouse -->", "<!-- end of lighthouse -->"

REGISTRY = "/orgs/smle-reg/registry/Model"
COLLECTION = f"{REGISTRY}/collections/Zoo_Classifier_Models"
VERSION = f"{COLLECTION}/versions/v2"
PROJECT = "/smle-reg-team-2/zoo_experiment"
SIGN_IN = "/accounts/login/"
PAGES = {
    "sign-in": SIGN_IN,
    "home": "/orgs/smle-reg/",
    "registry": REGISTRY,
    "collection": COLLECTION,
    "version": VERSION,
    "history": f"{COLLECTION}/history",
    "lineage": f"{VERSION}/lineage",
    "settings": f"{REGISTRY}/settings",
    "search": "/orgs/smle-reg/search?q=prod",
    "project": PROJECT,
    "upload": f"{PROJECT}/upload",
    "automations": f"{REGISTRY}/automations",
    "members": "/orgs/smle-reg/members",
    "account": "/settings",
}

# Category → of 100.
Scores = dict[str, int]


@dataclass(frozen=True)
class Looking:
    """Where Lighthouse is, Chromium, its profile in which somebody is signed in, the server."""

    program: Path
    browser: str
    profile: Path
    origin: str

    def scores_of(self, path: str, form: str, answer: Path) -> Scores:
        """Raises when another page came instead: its figures would be taken for those of `path`."""
        subprocess.run(
            [
                *(str(self.program), f"{self.origin}{path}", "--quiet", *FORMS[form]),
                *("--output=json", f"--output-path={answer}"),
                f"--only-categories={','.join(TARGETS)}",
                f"--chrome-flags={' '.join(self._flags(path))}",
            ],
            env=os.environ | {"CHROME_PATH": self.browser},
            check=True,
        )
        found: dict[str, Any] = json.loads(answer.read_text())
        if found["finalDisplayedUrl"] != f"{self.origin}{path}":
            raise SystemExit(f"{path} led to {found['finalDisplayedUrl']}.")
        return {name: round(100 * found["categories"][name]["score"]) for name in TARGETS}

    def _flags(self, path: str) -> list[str]:
        """To sign in one is nobody yet."""
        profile = [] if path == SIGN_IN else [f"--user-data-dir={self.profile}"]
        return [*OPTIONS, "--password-store=basic", *profile]


def main() -> int:
    browser = chromium()
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise SystemExit("Lighthouse needs Node.js 20 or newer with npm, which is not installed.")
    if browser is None:
        raise SystemExit(f"Chromium is missing: sudo apt-get install {WITHOUT_WINDOWS}")
    with tempfile.TemporaryDirectory(prefix="waymark-lighthouse-") as name:
        folder = Path(name)
        program = install(folder / "npm")
        table = look_at_all(program, browser, folder)
    if "--write" in sys.argv:
        write(table)
    missed = [line for line, scores in table.items() if _misses(scores)]
    for page, form in missed:
        print(f"MISSED  {page}, {form}")
    return 1 if missed else 0


def install(folder: Path) -> Path:
    folder.mkdir()
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*command, LIGHTHOUSE], cwd=folder, check=True)
    return folder / "node_modules/.bin/lighthouse"


def look_at_all(program: Path, browser: str, folder: Path) -> dict[tuple[str, str], Scores]:
    """Page and form → scores, said one by one."""
    table = {}
    data = folder / "data"
    data.mkdir(mode=0o700)
    with waymark(data, "", WAYMARK_DEMO="1") as (port, _):
        looking = Looking(program, browser, folder / "profile", f"http://127.0.0.1:{port}")
        log = (data / f"server-{port}.log").read_text()
        pages = PAGES | signed_in(looking, log)
        print(f"{LIGHTHOUSE}, load of the machine {os.getloadavg()[0]:.1f}")
        print(f"{'':12}{'':9}{''.join(f'{name:>16}' for name in TARGETS)}")
        for page, path in pages.items():
            for form in FORMS:
                scores = looking.scores_of(path, form, folder / "answer.json")
                print(f"{page:12}{form:9}{''.join(f'{score:16}' for score in scores.values())}")
                table[page, form] = scores
    return table


def signed_in(looking: Looking, log: str) -> dict[str, str]:
    """By the link that the start prints. The pages whose addresses hold something by chance."""
    link = re.search(rf"{re.escape(looking.origin)}/sign-in/\S+", log)
    if link is None:
        raise SystemExit("The start printed no link to sign in.")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            looking.profile, executable_path=looking.browser, args=OPTIONS
        )
        page = context.new_page()
        page.goto(link[0])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/orgs/**")
        run = _address_of_a_run(page, looking.origin)
        context.close()
    return {"run": run}


def _address_of_a_run(page: Page, origin: str) -> str:
    page.goto(f"{origin}{PROJECT}/runs")
    address = page.locator(f"a[href^='{PROJECT}/runs/']").first.get_attribute("href")
    if address is None:
        raise SystemExit("The demonstration has no run.")
    return address


def _misses(scores: Scores) -> bool:
    return any(scores[name] < least for name, least in TARGETS.items())


def write(table: dict[tuple[str, str], Scores]) -> None:
    """Between the two marks of the document, a column for each category and form."""
    columns = [(name, form) for form in FORMS for name in TARGETS]
    titles = " | ".join(f"{name}, {form}" for name, form in columns)
    rows = [f"| page | {titles} |", "|---" * (len(columns) + 1) + "|"]
    for page in dict.fromkeys(page for page, _ in table):
        cells = [_cell(table[page, form][name], name) for name, form in columns]
        rows.append(f"| {page} | {' | '.join(cells)} |")
    section = "\n".join([BEGIN, "", *rows, "", END])
    pattern = re.escape(BEGIN) + ".*" + re.escape(END)
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(re.sub(pattern, lambda _: section, text, flags=re.DOTALL))


def _cell(score: int, name: str) -> str:
    return f"**{score}**, missed" if score < TARGETS[name] else str(score)


if __name__ == "__main__":
    sys.exit(main())
