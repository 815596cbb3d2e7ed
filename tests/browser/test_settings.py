"""Settings of a registry: who is in, what it accepts, its name, its end."""

from __future__ import annotations

from playwright.sync_api import expect

from registries.models import Registry
from registries.operations.grants import role_of
from registries.operations.registries import accepted_types_of, create_registry
from registries.roles import Role
from tests.browser.screens import HOME, SETTINGS, ends_with, popover, question, row, said, section
from tests.personas import caller_of

MEMBERS = "Members and roles"


def add_access(page, who: str, role: str) -> None:
    field = page.get_by_label("Person or team")
    if not field.is_visible():
        page.locator("summary", has_text="Add access").click()
    field.fill(who)
    page.get_by_label("Role", exact=True).select_option(role)
    popover(page).get_by_role("button", name="Add access").click()


def choose_role(page, who: str, role: str) -> None:
    """Saved on change; without script with the button below the table."""
    page.get_by_label(f"Role of {who}").select_option(role)
    save = page.get_by_role("button", name="Save roles")
    if save.count():
        save.click()


def test_an_admin_adds_a_person_changes_their_role_and_removes_them(
    browse, admin, registry, outsider
):
    page = browse(admin)
    page.goto(SETTINGS)
    add_access(page, "outsider", "Viewer")
    expect(said(page)).to_contain_text("outsider has access to Model.")
    expect(page.get_by_label("Role of outsider")).to_have_value(Role.VIEWER.codename)
    assert role_of(registry, outsider) is Role.VIEWER
    choose_role(page, "outsider", "Member")
    expect(said(page)).to_contain_text("outsider is Member now.")
    expect(page.get_by_label("Role of outsider")).to_have_value(Role.MEMBER.codename)
    assert role_of(registry, outsider) is Role.MEMBER
    page.get_by_role("button", name="Remove outsider").click()
    expect(said(page)).to_contain_text("outsider removed from Model.")
    expect(page.get_by_label("Role of outsider")).to_have_count(0)
    assert role_of(registry, outsider) is None


def test_a_team_gets_access_by_its_name(browse, admin, registry, team):
    page = browse(admin)
    page.goto(SETTINGS)
    add_access(page, "smle-reg-team-2", "Member")
    expect(row(section(page, MEMBERS), "smle-reg-team-2")).to_be_visible()
    assert role_of(registry, team) is Role.MEMBER


def test_somebody_who_does_not_exist_is_refused_beside_the_field_and_kept(browse, admin, registry):
    page = browse(admin)
    page.goto(SETTINGS)
    add_access(page, "nobody-at-all", "Member")
    field = page.get_by_label("Person or team")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("nobody-at-all")
    expect(page.get_by_label("Role", exact=True)).to_have_value(Role.MEMBER.codename)


def test_the_last_admin_stays_one(browse, organization, viewer):
    """In an organization without admins whoever made a registry is its only one."""
    registry = create_registry(caller_of(viewer), organization, "Own")
    page = browse(viewer)
    page.goto(f"{HOME}registry/Own/settings")
    page.get_by_role("button", name="Remove viewer").click()
    refusal = section(page, MEMBERS).get_by_role("alert")
    expect(refusal).to_contain_text("Own needs at least one admin who can sign in.")
    choose_role(page, "viewer", "Member")
    expect(refusal).to_contain_text("Own needs at least one admin who can sign in.")
    # What was chosen stays, so that somebody else can be made Admin in the same form.
    expect(page.get_by_label("Role of viewer")).to_have_value(Role.MEMBER.codename)
    assert role_of(registry, viewer) is Role.ADMIN
    page.goto(f"{HOME}registry/Own/settings")
    expect(page.get_by_label("Role of viewer")).to_have_value(Role.ADMIN.codename)


def test_the_types_a_registry_accepts_are_listed(browse, admin, registry, version):
    page = browse(admin)
    page.goto(SETTINGS)
    types = section(page, "Accepted types")
    types.get_by_label("Only these types").check()
    types.get_by_label("Add types").fill("model\nreport")
    types.get_by_role("button", name="Save types").click()
    expect(said(page)).to_contain_text("Accepted types saved.")
    accepted = types.get_by_role("list", name="Accepted now").get_by_role("listitem")
    expect(accepted).to_have_text(["dataset", "model", "report"])
    registry.refresh_from_db()
    assert accepted_types_of(registry) == ["dataset", "model", "report"]


def test_a_bad_type_is_refused_beside_the_field_and_kept(browse, admin, registry):
    page = browse(admin)
    page.goto(SETTINGS)
    types = section(page, "Accepted types")
    types.get_by_label("Only these types").check()
    types.get_by_label("Add types").fill("wandb-history")
    types.get_by_role("button", name="Save types").click()
    expect(types.get_by_label("Add types")).to_have_attribute("aria-invalid", "true")
    expect(types.get_by_label("Add types")).to_have_value("wandb-history")
    registry.refresh_from_db()
    assert accepted_types_of(registry) is None


def test_the_description_of_a_registry_is_edited_and_its_core_name_stays(browse, admin, registry):
    page = browse(admin)
    page.goto(SETTINGS)
    general = section(page, "General")
    expect(general.get_by_label("Name")).not_to_be_editable()
    general.get_by_label("Description").fill("Models **ready** for others.")
    general.get_by_label("Default role").select_option("Member")
    general.get_by_role("button", name="Save general").click()
    expect(said(page)).to_contain_text("General settings saved.")
    registry.refresh_from_db()
    assert registry.default_role == Role.MEMBER.codename
    page.goto(HOME)
    expect(row(page, "Models ready for others.")).to_be_visible()


def test_a_core_registry_cannot_be_deleted_and_says_why(browse, admin, registry):
    page = browse(admin)
    page.goto(SETTINGS)
    danger = section(page, "Danger zone")
    expect(danger.get_by_role("button", name="Delete registry…")).to_be_disabled()
    expect(danger).to_contain_text("Model is a core registry.")


def test_a_registry_is_deleted_by_typing_its_name(browse, org_admin, restricted_registry):
    page = browse(org_admin)
    page.goto(f"{HOME}registry/Secret/settings")
    page.get_by_role("link", name="Delete registry…").click()
    box = question(page, "Delete Secret?")
    box.get_by_label("Type Secret to confirm").fill("secret")
    box.get_by_role("button", name="Delete registry").click()
    field = page.get_by_label("Type Secret to confirm")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("secret")
    assert Registry.objects.filter(pk=restricted_registry.pk).exists()
    field.fill("Secret")
    page.get_by_role("button", name="Delete registry", exact=True).click()
    expect(page).to_have_url(ends_with(HOME))
    expect(said(page)).to_contain_text("Registry “Secret” deleted.")
    expect(page.get_by_role("main").get_by_role("link", name="Secret")).to_have_count(0)
    assert not Registry.objects.filter(pk=restricted_registry.pk).exists()
