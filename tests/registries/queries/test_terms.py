"""Terms that narrow lists: whichever way their letters are written."""

from __future__ import annotations

import io
from unicodedata import normalize

import pytest

from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.api_keys import create_api_key
from artifacts.operations.projects import create_project
from artifacts.operations.runs import expect_run_file, receive_run_file, upsert_run
from registries.operations.members import add_member
from registries.operations.sources import log_version
from registries.roles import Role
from tests.personas import caller_of
from tests.registries.views.pages import CORE, Browser

ORGANIZATION = {"organization": "smle-reg"}
PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
# Each page with a list: its part, what a term is called there, where it is.
LISTS = [
    ("projects", "projects", "filter", {}),
    ("runs", "runs", "filter", PROJECT),
    ("run", "run-file-list", "file", PROJECT | {"run": "brisk-heron"}),
    ("project-version", "version-file-list", "file", PROJECT | {"collection": "zoo", "number": 0}),
    ("members", "members", "filter", ORGANIZATION),
    ("team", "people-list", "filter", ORGANIZATION | {"team": "smle-reg-team-2"}),
    ("settings", "member-list", "filter", CORE),
    ("account", "key-list", "key", {}),
]


@pytest.mark.parametrize("kept", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_a_letter_and_the_sign_above_it_are_found_together_and_apart(
    typed, kept, registry, team, project, member, org_admin, subtests
):
    name, by = normalize(kept, "prüfung"), caller_of(member)
    create_project(by, team.entity, name)
    run, _ = upsert_run(by, project, "brisk-heron", display_name=name)
    receive_run_file(expect_run_file(by, run, name), io.BytesIO(b"x"), size=1)
    log_version(by, project, "zoo", "dataset", files={name: io.BytesIO(b"x")})
    User.objects.filter(pk=member.pk).update(full_name=name)
    add_member(caller_of(org_admin), registry, member, Role.MEMBER)
    create_api_key(OPERATOR, member, name=name)
    browser = Browser(member)
    for page, part, term, at in LISTS:
        for text, count in (("rüf", 1), ("rûf", 0)):
            with subtests.test(f"{text} on {page}"):
                answer = browser.get(page, {term: normalize(typed, text)}, **at)
                assert answer.status == 200
                shown = answer.root.one(id=part).all("tbody")
                assert sum(len(rows.all("tr")) for rows in shown) == count
