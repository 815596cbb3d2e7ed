"""The form of an automation: offered, tried while typing, refused beside the field."""

from __future__ import annotations

import pytest

from automations.models import Automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.secrets import create_secret
from tests.personas import caller_of
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser, Page
from tests.things import put

URL = "http://receiver.invalid/hooks"


@pytest.fixture
def hook(org_admin, organization):
    by = caller_of(org_admin)
    token = create_secret(by, organization.entity, "TOKEN", "the token itself")
    webhook = create_webhook(by, organization.entity, "ci", URL, access_token=token)
    return webhook.integration


@pytest.fixture
def slack(org_admin, organization):
    return create_slack_channel(caller_of(org_admin), organization.entity, "#m", URL).integration


@pytest.fixture
def browser(member, second_version, protected_version):
    put(member, second_version, "production-us", "candidate")
    browser = Browser(member)
    browser.get("home", organization="smle-reg")
    return browser


def typed(hook, **fields):
    return {
        "event_kind": "alias.added",
        "pattern": "^production$",
        "collection": "Zoo_Classifier_Models",
        "action": "webhook",
        "webhook": str(hook.pk),
        "name": "tell",
        "enabled": "yes",
    } | fields


def test_it_begins_from_an_alias(browser, registry, hook):
    query = {"collection": "Zoo_Classifier_Models", "alias": "best.model"}
    page = browser.get("create-automation", query, home=registry.pk)
    assert page.values("pattern") == [r"^best\.model$"]
    assert page.values("collection") == ["Zoo_Classifier_Models"]
    assert page.values("name") == ["When best.model moves"]
    assert f"ci ({registry.organization.name})" in page.text


def test_an_alias_that_was_added_offers_it(browser, second_version, registry):
    at = {"organization": "smle-reg", "registry": "Model", "number": 1}
    at |= {"collection": "Zoo_Classifier_Models"}
    page = browser.post("add-aliases", {"name": "tuned"}, part="version-aliases", **at)
    link = page.root.one(
        "a", href=f"/automations/in/{registry.pk}/new?collection=Zoo_Classifier_Models&alias=tuned"
    )
    assert link.text == "Tell someone when this alias moves"


def test_it_is_made_with_what_was_typed(browser, registry, hook, second_version):
    template = '{"ref": "${alias}"}'
    page = browser.post("create-automation", typed(hook, template=template), home=registry.pk)
    made = Automation.objects.get()
    assert page.status == 303
    assert page.headers["Location"] == f"/automations/{made.pk}"
    assert (made.name, made.collection, made.template) == (
        "tell",
        second_version.collection,
        template,
    )
    shown = browser.get("edit-automation", automation=made.pk)
    assert shown.values("pattern") == ["^production$"]
    assert shown.values("template") == [template]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"pattern": "(?=x)"}, "pattern", "Patterns are RE2"),
        ({"collection": "Nothing"}, "collection", "Model has no collection “Nothing”."),
        ({"webhook": ""}, "webhook", "Choose a webhook."),
        ({"webhook": "x" * 30}, "webhook", "Choose a webhook."),
        ({"template": '{"a": }'}, "template", "Line 1, column 7: this is not JSON"),
        ({"template": '{"a":\n "${nope}"}'}, "template", "Line 2, column 3: there is no variable"),
        ({"name": ""}, "name", "A name has 1 to 255 characters"),
        ({"event_kind": "run.state", "pattern": ""}, "event_kind", "Runs belong to a project"),
        ({"action": "slack", "slack": ""}, "slack", "Choose a Slack channel."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(
    browser, registry, hook, wrong, field, sentence
):
    with nothing_changes():
        page = browser.post("create-automation", typed(hook, **wrong), home=registry.pk)
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert page.main.text.count(sentence) == 1
    assert page.values("name") == [wrong.get("name", "tell")]


def test_a_pattern_is_tried_against_the_aliases_there_are(browser, registry, hook):
    def matches(**query):
        page = browser.get(
            "pattern-matches", {"event_kind": "alias.added"} | query, home=registry.pk
        )
        return page.text

    assert matches(pattern="production") == "Would match protected production production-us"
    assert matches(pattern="^prod.*us$") == "Would match production-us"
    assert matches(pattern="nothing") == (
        "Matches none that exists. It can match one that is added later."
    )
    assert "Patterns are RE2" in matches(pattern="(")
    live = browser.post("preview-message", typed(hook, pattern="("), home=registry.pk)
    assert live.text == ""
    assert "no alias or tag" in matches(pattern="x", event_kind="version.unlinked")


def test_what_would_be_sent_is_shown_with_the_last_real_event(browser, registry, hook, slack):
    def preview(**fields):
        page = browser.post("preview-message", typed(hook, **fields), home=registry.pk)
        return page.text

    template = '{"ref": "${alias}", "by": "${event_author}", "key": "${TOKEN}"}'
    shown = preview(template=template, pattern="production-us")
    assert "About the last event: member added the alias production-us to" in shown
    assert '"ref": "production-us"' in shown
    assert '"by": "member"' in shown
    # A secret is not shown, even to those who may send it.
    assert "the token itself" not in shown
    assert "••••••••" in shown
    assert "With a sample" in preview(event_kind="version.unlinked", pattern="")
    assert "Line 1, column 9: there is no variable ${x}" in preview(template='{"ref":"${x}"}')
    told = preview(action="slack", slack=str(slack.pk), title="Look", message="${alias}")
    assert "*Look*" in told


@pytest.mark.parametrize("blank", [" ", "\n", "\t\r\n "])
def test_a_template_of_nothing_but_space_is_the_default_body(browser, registry, hook, blank):
    page = browser.post("preview-message", typed(hook, template=blank), home=registry.pk)
    assert '"type": "alias.added"' in page.text
    refused = browser.post(
        "create-automation", typed(hook, template=blank, name=""), home=registry.pk
    )
    assert refused.status == 422
    assert '"type": "alias.added"' in refused.text
    browser.post("create-automation", typed(hook, template=blank), home=registry.pk)
    assert Automation.objects.get().template == ""


def test_a_severity_that_is_not_offered_is_refused_and_not_previewed(browser, registry, slack):
    forged = typed(slack, action="slack", slack=str(slack.pk), severity="LOUD")
    page = browser.post("preview-message", forged, home=registry.pk)
    assert "Choose INFO, WARN or ERROR." in page.text
    assert browser.post("create-automation", forged, home=registry.pk).status == 422
    assert not Automation.objects.exists()


def test_a_pattern_with_what_no_name_has_finds_nothing(browser, registry, hook):
    for pattern in ("pro\x00duction", "production\x00"):
        query = {"event_kind": "alias.added", "pattern": pattern}
        assert browser.get("pattern-matches", query, home=registry.pk).status == 200
        page = browser.post(
            "create-automation", typed(hook, pattern=pattern, name=""), home=registry.pk
        )
        assert page.status == 422


def test_what_would_be_sent_names_the_automation(browser, registry, hook):
    browser.post("create-automation", typed(hook), home=registry.pk)
    made = Automation.objects.get()
    page = browser.get("edit-automation", automation=made.pk)
    named = f'"automation": {{ "id": {made.pk}, "name": "tell" }}'
    assert named in page.root.one(id="preview").text
    address = page.root.one("div", class_="step__part", hx_target="#preview")
    live = browser.client.post(address.attributes["hx-post"], typed(hook, name="tell all"))
    assert named.replace("tell", "tell all") in Page(live).text


def test_what_would_be_sent_leads_to_this_server(browser, registry, hook, settings):
    settings.WAYMARK_BASE_URL, settings.WAYMARK_LOCAL_URL = "", "http://127.0.0.1:8712"
    page = browser.post("preview-message", typed(hook), home=registry.pk)
    assert '"url": "http://127.0.0.1:8712/orgs/smle-reg/registry/Model/' in page.text


def test_without_script_a_button_checks_and_saves_nothing(browser, registry, hook):
    with nothing_changes():
        page = browser.post("create-automation", typed(hook, check="yes"), home=registry.pk)
    assert page.status == 200
    assert "Would match protected production" in page.text
    assert "What would be sent" in page.text


def test_a_filter_of_the_sdk_is_edited_as_json(browser, registry, hook):
    filter_text = '{"$or":[{"$and":[{"alias":{"$in":["a","b"]}}]}]}'
    body = typed(hook, pattern="", filter=filter_text)
    browser.post("create-automation", body, home=registry.pk)
    made = Automation.objects.get()
    shown = browser.get("edit-automation", automation=made.pk)
    assert shown.values("filter") == [filter_text]
    assert browser.post("edit-automation", body | {"name": "n"}, automation=made.pk).status == 303
    made.refresh_from_db()
    assert (made.name, made.filter) == ("n", filter_text)


def test_an_older_form_does_not_switch_on_what_somebody_switched_off(browser, registry, hook):
    browser.post("create-automation", typed(hook), home=registry.pk)
    made = Automation.objects.get()
    form = browser.get("edit-automation", automation=made.pk)
    body = typed(hook, name="renamed", was_enabled=form.values("was_enabled")[0])
    browser.post("switch-automation", automation=made.pk)
    assert browser.post("edit-automation", body, automation=made.pk).status == 303
    made.refresh_from_db()
    assert (made.name, made.enabled) == ("renamed", False)


def test_the_form_switches_on_and_off_when_that_was_changed_in_it(browser, registry, hook):
    browser.post("create-automation", typed(hook), home=registry.pk)
    made = Automation.objects.get()
    for switched in ("", "yes"):
        form = browser.get("edit-automation", automation=made.pk)
        body = typed(hook, enabled=switched, name="")
        body["was_enabled"] = form.values("was_enabled")[0]
        refused = browser.post("edit-automation", body, automation=made.pk)
        body |= {"name": "tell", "was_enabled": refused.values("was_enabled")[0]}
        assert browser.post("edit-automation", body, automation=made.pk).status == 303
        made.refresh_from_db()
        assert made.enabled is bool(switched)
