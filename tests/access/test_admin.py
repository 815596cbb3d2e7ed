"""The pages for operators: staff sees all rows, writes none, and acts by its own roles."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.paginator import EmptyPage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.callers import OPERATOR
from accounts.models import SignInLink, User
from accounts.operations.api_keys import create_api_key
from accounts.operations.people import create_user
from accounts.operations.sign_in_links import create_sign_in_link
from accounts.operators import OperatorAdmin
from registries.models import Alias, Collection, RegistryPersonRole
from registries.operations.collections import edit_collection
from registries.web_addresses import version_address
from tests.access.admin_table import ACTIONS, DONE, READ_ONLY
from tests.access.stage import build
from tests.access.test_addresses import UNKNOWN, content, undone
from tests.personas import caller_of, person
from tests.refusals import everything

MODELS = {model._meta.label: model for model in admin.site._registry}
MOST_QUERIES = 12
# What has a row on the stage and a page on the site.
WITH_A_PAGE = {
    "accounts.Entity",
    "accounts.Organization",
    "accounts.Team",
    "accounts.OrganizationMembership",
    "accounts.TeamMembership",
    "artifacts.Project",
    "registries.Registry",
    "registries.Collection",
    "registries.CollectionTag",
    "registries.Version",
    "registries.Alias",
    "registries.ProtectedAlias",
    "registries.RegistryPersonRole",
    "automations.Automation",
    "automations.Integration",
    "automations.Secret",
}


def address(label: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_{page}", args=args)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(db) -> User:
    return create_user(OPERATOR, "operator", is_staff=True)


@pytest.fixture
def staff_leader(organization) -> User:
    user = person("staff-leader", organization, "admin")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return user


@pytest.fixture
def stage(personas, project):
    stage = build(personas, project)
    edit_collection(caller_of(personas["member"]), stage.protected.collection, add_tags=["animals"])
    return stage


def test_every_model_of_the_product_has_a_page_and_a_row_in_the_table():
    from django.apps import apps

    ours = ("accounts", "artifacts", "registries", "automations")
    models = {one._meta.label for app in ours for one in apps.get_app_config(app).get_models()}
    assert set(MODELS) == models == READ_ONLY | {row.model for row in ACTIONS}
    assert not READ_ONLY & {row.model for row in ACTIONS}


def test_every_action_has_a_row_in_the_table():
    offered = {
        (label, action.__name__)
        for label, model in MODELS.items()
        for action in admin.site._registry[model].actions
    }
    assert offered == {(row.model, row.name) for row in ACTIONS}


def test_whoever_is_not_staff_finds_nothing(stage, personas):
    User.objects.filter(pk=stage.robot.pk).update(is_staff=True)
    visitors = [*map(client_of, personas.values()), client_of(stage.robot)]
    before = everything()
    for client in visitors:
        unknown = content(client.get(UNKNOWN))
        for page in pages(stage)[:2]:
            assert content(client.get(page)) == unknown
        assert act(client, ACTIONS[0], stage, confirmed="yes").status_code == 404
    for page in pages(stage):
        assert visitors[0].get(page).status_code == 404
        assert Client().get(page)["Location"].startswith(reverse("account_login"))
    assert everything() == before


def test_the_menu_of_staff_leads_there_and_nobody_elses(staff, staff_leader, org_admin):
    link = f'href="{reverse("admin:index")}"'
    for user, has_link in ((staff, True), (staff_leader, True), (org_admin, False)):
        page = client_of(user).get(reverse("account")).content.decode()
        assert (link in page) is has_link


def pages(stage) -> list[str]:
    rows = [address(label, "change", stage.somebody.pk) for label in MODELS]
    return [reverse("admin:index"), *map(address, MODELS), *rows]


def test_staff_sees_every_model_finds_its_rows_and_can_write_none(stage, staff, subtests):
    client, before = client_of(staff), everything()
    for label, model in MODELS.items():
        with subtests.test(label):
            rows = client.get(address(label))
            assert rows.status_code == 200
            assert client.get(address(label), {"q": "model zoo"}).status_code == 200
            first = model._default_manager.first()
            if first is None:
                continue
            assert "/change/" not in rows.content.decode()
            page = client.get(address(label, "change", first.pk))
            assert page.status_code == 200
            form = page.content.decode().split('id="content-main"')[1]
            assert 'type="submit"' not in form
            assert client.post(address(label, "change", first.pk), {}).status_code == 403
            for verb in ("add", "delete", f"{first.pk}/delete", f"{first.pk}/history"):
                assert client.get(f"{address(label)}{verb}/").status_code in {302, 404}
    assert everything() == before


def site_link(client: Client, label: str, pk: object) -> str:
    """Where a row leads to on the site; "" for nowhere."""
    page = client.get(address(label, "change", pk)).content.decode()
    found = re.search(r'class="viewsitelink" href="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def test_a_row_leads_to_its_page_on_the_site_which_is_shown_by_ones_own_roles(
    stage, staff, staff_leader, personas, subtests
):
    leader, nobody = client_of(staff_leader), client_of(staff)
    seen = {}
    for label, model in MODELS.items():
        with subtests.test(label):
            for row in model._default_manager.order_by("pk")[:3]:
                link = seen[label] = site_link(nobody, label, row.pk)
                if link:
                    assert leader.get(link).status_code in {200, 302, 404}
    assert {label for label, link in seen.items() if link} >= WITH_A_PAGE
    protected = site_link(leader, "registries.Version", stage.protected.pk)
    assert protected == version_address(stage.protected)
    assert leader.get(protected).status_code == 200
    assert nobody.get(protected).status_code == 404
    assert site_link(leader, "accounts.User", personas["outsider"].pk) == ""
    robot = site_link(leader, "accounts.User", stage.robot.pk)
    assert robot == "" or leader.get(robot).status_code == 200


def test_names_are_found_by_the_index(stage, staff):
    client = client_of(staff)
    for label, term, shown in [
        ("registries.Alias", "roduct", "production"),
        ("registries.Alias", "pr", "production"),
        ("registries.Collection", "zoo_class", "Zoo_Classifier_Models"),
        ("registries.CollectionTag", "anim", "animals"),
        ("accounts.User", "some", "somebody"),
    ]:
        assert shown in client.get(address(label), {"q": term}).content.decode()
        assert shown not in client.get(address(label), {"q": f"{term}x"}).content.decode()


def act(client: Client, row, stage, **more: str):
    chosen = {"action": row.name, ACTION_CHECKBOX_NAME: row.on(stage).pk}
    return client.post(address(row.model), chosen | more, follow=True)


@pytest.mark.parametrize("who", ["staff", "staff_leader"])
def test_an_action_does_what_the_operation_allows(who, stage, request, subtests):
    client = client_of(request.getfixturevalue(who))
    for row in ACTIONS:
        with subtests.test(str(row)), undone():
            asked = everything()
            question = act(client, row, stage)
            assert "judged by your own roles" in question.content.decode()
            assert everything() == asked
            answer = unescape(act(client, row, stage, confirmed="yes").content.decode())
            if getattr(row, who) == DONE:
                assert "done for 1" in answer, answer
            else:
                assert 'class="error"' in answer
                assert everything() == asked


def test_a_row_that_is_refused_keeps_no_other_from_being_done(stage, staff_leader):
    core = stage.registry
    chosen = {
        "action": "delete_with_all_collections",
        "confirmed": "yes",
        ACTION_CHECKBOX_NAME: [core.pk, stage.own.pk],
    }
    answer = client_of(staff_leader).post(address("registries.Registry"), chosen, follow=True)
    assert "done for 1" in answer.content.decode()
    assert f"“{core.name}” of {core.organization.name}: " in answer.content.decode()


def ticked(client: Client, label: str, action: str, rows: list[int], **more: str) -> str:
    chosen = {"action": action, ACTION_CHECKBOX_NAME: rows}
    return unescape(client.post(address(label), chosen | more, follow=True).content.decode())


def test_the_question_and_its_refusals_say_which_row_they_are_about(stage, staff, subtests):
    version = stage.protected
    production = version.aliases.get(name="production")
    registry = f"{stage.registry.organization.name}/{stage.registry.name}"
    path = f"{registry}/{version.collection.name}"
    versioned = f"{path}:{version.label}"
    grant = RegistryPersonRole.objects.get(content_object=stage.registry, user__username="guest")
    for label, action, row, name in [
        ("registries.Alias", "take_off_its_version", production, f"“production” on {versioned}"),
        ("registries.Version", "unlink", version, f"“{versioned}”"),
        ("registries.Collection", "delete_with_all_versions", version.collection, f"“{path}”"),
        ("registries.RegistryPersonRole", "take_the_role_away", grant, f"in {registry}"),
    ]:
        with subtests.test(name):
            assert f"{name}</li>" in ticked(client_of(staff), label, action, [row.pk])
            refused = ticked(client_of(staff), label, action, [row.pk], confirmed="yes")
            assert f"{name}: " in refused


def test_every_action_names_its_rows_beginning_with_a_quotation_mark(stage, staff, subtests):
    for row in ACTIONS:
        with subtests.test(str(row)):
            question = ticked(client_of(staff), row.model, row.name, [row.on(stage).pk])
            assert "<li>“" in question.split("judged by your own roles")[1]


def test_a_question_about_many_rows_costs_what_one_about_one_does(stage, staff, subtests):
    client = client_of(staff)
    for row in ACTIONS:
        model = MODELS[row.model]
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:6])
        with subtests.test(str(row)):
            costs = []
            for rows in (keys[:1], keys):
                with CaptureQueriesContext(connection) as captured:
                    ticked(client, row.model, row.name, rows)
                costs.append(len(captured))
            assert costs[0] == costs[1], captured.captured_queries[-1]


def test_an_action_says_how_many_rows_were_not_there_any_more(stage, staff):
    client, gone = client_of(staff), [10**9, 10**9 + 1]
    on_users = ("accounts.User", "deactivate")
    here = stage.somebody.pk
    assert "2 of 2 were not there any more." in ticked(client, *on_users, gone, confirmed="yes")
    some = ticked(client, *on_users, [here, gone[0]], confirmed="yes")
    assert "1 of 2 was not there any more." in some
    assert "done for 1" in some
    assert "2 of 3 were not there any more." in ticked(client, *on_users, [here, *gone])
    assert "not there any more" not in ticked(client, *on_users, [here])


def test_every_list_has_a_search_box(staff, subtests):
    client = client_of(staff)
    for label in MODELS:
        with subtests.test(label):
            assert 'id="searchbar"' in client.get(address(label)).content.decode()
            assert client.get(address(label), {"q": "model zoo"}).status_code == 200


def test_secrets_are_on_no_page(stage, staff):
    secret = create_api_key(OPERATOR, stage.somebody)[1]
    create_sign_in_link(OPERATOR, stage.somebody)
    User.objects.filter(pk=stage.somebody.pk).update(password="canary of a password")
    client = client_of(staff)
    key, link = stage.somebody.api_keys.latest("pk"), SignInLink.objects.get()
    seen = ""
    for label, pk in [
        ("accounts.User", stage.somebody.pk),
        ("accounts.ApiKey", key.pk),
        ("accounts.SignInLink", link.pk),
        ("automations.Secret", stage.secret.pk),
        ("automations.Integration", stage.webhook.pk),
    ]:
        seen += client.get(address(label)).content.decode()
        seen += client.get(address(label, "change", pk)).content.decode()
    for canary in (secret, key.sha256, link.sha256, "canary", stage.secret.ciphertext):
        assert canary not in seen


def test_lists_are_paged_and_cost_the_same_however_long(stage, personas, staff):
    client = client_of(staff)
    few = {label: queries(client, address(label)) for label in MODELS}
    by = {"created_by": personas["admin"], "changed_by": personas["admin"]}
    collections = Collection.objects.bulk_create(
        Collection(project=stage.registry.project, kind="portfolio", name=f"c{n}", type="t", **by)
        for n in range(120)
    )
    version = stage.custom
    Alias.objects.bulk_create(
        Alias(
            collection=version.collection,
            version=version,
            name=f"many-{n}",
            changed_by=personas["admin"],
        )
        for n in range(len(collections))
    )
    for label in ("registries.Collection", "registries.Alias"):
        assert queries(client, address(label)) == few[label]
        assert queries(client, f"{address(label)}?p=2") == few[label]
    assert max(few.values()) <= MOST_QUERIES


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_no_list_is_counted_further_than_it_is_paged(stage, staff, monkeypatch):
    monkeypatch.setattr("accounts.operators.MOST_ROWS_COUNTED", 3)
    of = admin.site._registry[User]
    assert isinstance(of, OperatorAdmin)
    paginator = of.paginator(User.objects.order_by("pk"), 2)
    assert paginator.count == 3
    with pytest.raises(EmptyPage):
        paginator.page(3)


def test_the_pages_can_be_switched_off():
    import os
    import subprocess
    import sys

    code = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "try: resolve('/admin/')\nexcept Resolver404: print('nothing')"
    )
    environment = os.environ | {"WAYMARK_ADMIN": "0", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "nothing"
