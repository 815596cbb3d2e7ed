"""Every address of the site, for every persona: the table in `address_table`, cell by cell."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.callers import OPERATOR
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.service_accounts import create_service_account
from accounts.operations.teams import create_team
from artifacts.operations.runs import expect_run_file, receive_run_file, upsert_run
from automations.models import Delivery
from registries.models import Event
from registries.operations.collections import edit_collection
from registries.operations.members import add_member
from registries.operations.registries import create_registry
from registries.roles import Role
from tests.access.address_rows import ACTORS, ANONYMOUS, HIDDEN, REFUSED, SIGN_IN, Row
from tests.access.address_table import ROWS
from tests.access.automated import rows as automated_rows
from tests.personas import caller_of, person
from tests.refusals import all_rows
from tests.things import link, log, put

# The judge asks both databases the same. PostgreSQL is asked for those whose rights come to them in
# different ways: by the organization, a grant, a team, as a guest, and not at all.
ON_POSTGRESQL = ("org_admin", "admin", "member", "guest", "outsider")
ACTORS_HERE = ON_POSTGRESQL if connection.vendor == "postgresql" else ACTORS
CSRF_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
WHO_CAN = re.compile(r"Only [^<]+ can [^<]+\.")
UNKNOWN = "/no/such/address"
SECRET = {"organization": "smle-reg", "registry": "Secret"}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """But those of operators, who have a table of their own: `admin_table`."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern) if pattern.namespace != "admin" else ()
        else:
            yield pattern


def test_every_address_has_a_row():
    names = {pattern.name for pattern in patterns(get_resolver())}
    assert None not in names
    assert names == {row.name for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_tells_of_every_actor(row):
    assert set(row.outcomes) == set(ACTORS)


@pytest.fixture
def ids(protected_version, second_version, admin, org_admin, member, team, project, registry):
    """Fills both registries and returns what bodies of forms refer to."""
    put(member, second_version, "candidate")
    _tag(second_version.collection, member)
    animals = create_registry(caller_of(admin), registry.organization, "Animals")
    for home, owner in ((animals, admin), (_secret(org_admin, registry), org_admin)):
        link(owner, protected_version.artifact, home, name="Cats")
    add_member(caller_of(admin), animals, team, Role.MEMBER)
    bystander = person("bystander")
    granted = person("granted", registry.organization)
    add_member(caller_of(admin), registry, granted, Role.MEMBER)
    source = log(member, project, "not linked yet")
    link(member, source.artifact, project, name="picks")
    put(member, source, "picked")
    _run(member, project)
    automated = _automated(org_admin, member, registry, second_version)
    return (
        automated
        | {
            "animals": animals,
            "source": source.pk,
            "member": f"person-{granted.pk}",
            "bystander": bystander.pk,
            "custom_change": _change_of("candidate"),
            "protected_change": _change_of("production"),
            "logged_change": _change_of("picked"),
        }
        | _people(team, member, granted)
    )


def _people(team, member, colleague):
    robot = create_service_account(OPERATOR, team, "robot")
    create_team(OPERATOR, team.organization, "empty-team")
    return {
        "team_member": member.pk,
        "colleague": colleague.pk,
        "key": create_api_key(OPERATOR, robot)[0].pk,
        "invitation": invite(OPERATOR, team.organization)[0].pk,
    }


def _automated(org_admin, member, registry, version) -> dict[str, int]:
    """Ids of what automations are made of, and of a message that waits."""
    made = automated_rows({"org_admin": org_admin}, registry.organization, version)
    put(member, version, "told")
    waiting = Delivery.objects.filter(automation=made["automation"]).latest("pk")
    ids = {name: row.pk for name, row in made.items()}
    return ids | {"delivery": waiting.pk, "home": registry.pk}


def _change_of(alias: str) -> int:
    return Event.objects.filter(alias=alias, collection__isnull=False).latest("pk").pk


def _run(member, project):
    run, _ = upsert_run(caller_of(member), project, "brisk-heron")
    receive_run_file(
        expect_run_file(caller_of(member), run, "output.log"), io.BytesIO(b"said"), size=4
    )


def _tag(collection, by):
    edit_collection(caller_of(by), collection, add_tags=["animals"])


def _secret(org_admin, registry):
    return create_registry(
        caller_of(org_admin), registry.organization, "Secret", visibility="restricted"
    )


@dataclass(frozen=True)
class Visitor:
    """A browser that forgets whatever it is told, so that no request depends on another."""

    client: Client
    session: str
    ids: dict[str, Any]

    def ask(self, row: Row, address: str = "", **headers: str) -> HttpResponseBase:
        self.client.cookies.clear()
        if self.session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        address = address or reverse(row.name, kwargs=place_of(row, self.ids)) + row.query
        content: dict[str, Any] = {"data": filled(row.body, self.ids)}
        if row.method == "PUT":
            content = {"data": b"bytes", "content_type": "application/octet-stream"}
        send = getattr(self.client, row.method.lower())
        answer: HttpResponseBase = send(address, headers=headers, **content)
        return answer


def filled(body: Mapping[str, str], ids: dict[str, Any]) -> dict[str, str]:
    """The body with ids in the places of `{source}` and the like."""
    for name, value in ids.items():
        body = {
            key.replace(f"{{{name}}}", str(value)): text.replace(f"{{{name}}}", str(value))
            for key, text in body.items()
        }
    return dict(body)


def place_of(row: Row, ids: dict[str, Any]) -> dict[str, Any]:
    """What stands in the address, ids in the places of `{change}` and the like."""
    return {
        name: ids.get(value[1:-1], value) if isinstance(value, str) else value
        for name, value in row.at.items()
    }


@pytest.fixture
def visitor_as(request: pytest.FixtureRequest, ids: dict[str, Any]) -> Callable[[str], Visitor]:
    return lambda actor: Visitor(Client(), session_of(actor, request, ids), ids)


def session_of(actor: str, request: pytest.FixtureRequest, ids: dict[str, Any]) -> str:
    """The key of a session of this persona, who has the same role in Animals as in Model."""
    if actor == ANONYMOUS:
        return ""
    user = request.getfixturevalue(actor)
    role = {"guest": Role.MEMBER, "restricted_viewer": Role.RESTRICTED_VIEWER}.get(actor)
    if role:
        add_member(caller_of(request.getfixturevalue("admin")), ids["animals"], user, role)
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows() -> dict[str, list[str]]:
    """All rows of the product. A session remembers the organization last seen, refused or not."""
    return all_rows(("accounts", "artifacts", "registries", "automations"))


def content(response: HttpResponseBase) -> bytes:
    """What was answered, without what differs from one answer to the next by chance."""
    streamed = getattr(response, "streaming_content", None)
    whole = b"".join(streamed) if streamed is not None else response.content
    return CSRF_TOKEN.sub(b"", whole)


def check(response: HttpResponseBase, outcome: int | str, unknown: bytes) -> None:
    if outcome == SIGN_IN:
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    elif outcome == REFUSED:
        assert response.status_code == 403
        assert WHO_CAN.search(unescape(content(response).decode()))
    elif outcome == HIDDEN:
        assert response.status_code == 404
        assert content(response) == unknown
    else:
        assert response.status_code == outcome
        content(response)


@pytest.mark.parametrize("actor", ACTORS_HERE)
def test_each_address_answers_as_the_table_says(actor, visitor_as, subtests):
    visitor = visitor_as(actor)
    unknown = content(visitor.ask(Row("", {}), UNKNOWN))
    before = rows()
    for row in ROWS:
        with subtests.test(str(row)), undone():
            check(visitor.ask(row), row.outcomes[actor], unknown)
            if row.outcomes[actor] not in {200, 302, 303}:
                assert rows() == before


@pytest.mark.parametrize("actor", ["member", "viewer", "outsider"])
def test_what_is_refused_as_a_page_is_refused_as_a_fragment(actor, visitor_as, subtests):
    visitor, before = visitor_as(actor), rows()
    wanted = {REFUSED: 403, HIDDEN: 404}
    for row in (row for row in ROWS if row.outcomes[actor] in wanted):
        with subtests.test(str(row)), undone():
            answer = visitor.ask(row, hx_request="true")
            assert answer.status_code == wanted[row.outcomes[actor]]
            assert rows() == before


@pytest.mark.parametrize("actor", ["admin", "member", "guest", "other_admin"])
def test_everything_in_a_registry_that_is_not_shared_looks_unknown(actor, visitor_as, subtests):
    visitor, before = visitor_as(actor), rows()
    there = {"collection": "Cats", "number": 0, "alias": "latest"} | SECRET
    for row in (row for row in ROWS if "registry" in row.at):
        at = place_of(row, visitor.ids)
        kwargs = {name: there.get(name, value) for name, value in at.items()}
        address = reverse(row.name, kwargs=kwargs) + row.query
        with subtests.test(str(row)), undone():
            answer = visitor.ask(row, address)
            assert answer.status_code == 404
            nowhere = visitor.ask(row, address.replace("/Secret", "/Nowhere"))
            assert content(answer) == content(nowhere)
            assert rows() == before


@pytest.mark.parametrize("actor", ["org_admin", "outsider"])
def test_addresses_that_only_change_things_cannot_be_opened(actor, visitor_as, subtests):
    visitor, before = visitor_as(actor), rows()
    pages = {row.name for row in ROWS if row.method == "GET"}
    for row in (row for row in ROWS if row.method == "POST" and row.name not in pages):
        with subtests.test(str(row)), undone():
            answer = visitor.ask(replace(row, method="GET"))
            assert answer.status_code in {400, 401, 404, 405}
            assert rows() == before


def test_addresses_that_only_change_things_lead_people_to_a_page(visitor_as, subtests):
    visitor, before = visitor_as("org_admin"), rows()
    pages = {row.name for row in ROWS if row.method == "GET"}
    for row in (row for row in ROWS if row.method == "POST" and row.name not in pages):
        with subtests.test(str(row)), undone():
            asked = replace(row, method="GET")
            answer = visitor.ask(asked, accept="text/html,*/*;q=0.8")
            while answer.status_code == 302:
                answer = visitor.ask(asked, answer["Location"], accept="text/html,*/*;q=0.8")
            assert answer.status_code in {200, 400, 401, 404}
            assert rows() == before
