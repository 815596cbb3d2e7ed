"""Making registries and collections, linking and unlinking, and what is written about them."""

from __future__ import annotations

from playwright.sync_api import expect

from registries.models import Collection, Registry
from tests.browser.screens import (
    COLLECTION,
    HOME,
    REGISTRY,
    V0,
    V1,
    aliases_field,
    badge,
    choose_source,
    ends_with,
    expect_orange,
    history,
    popover,
    question,
    row,
    said,
    section,
)
from tests.things import aliases_of


def open_more(page, choice: str):
    page.locator("summary", has_text="More").click()
    popover(page).get_by_role("link", name=choice).click()


def test_a_member_creates_a_registry(browse, member):
    page = browse(member)
    page.goto(HOME)
    page.get_by_role("main").get_by_role("link", name="Create registry").first.click()
    page.get_by_label("Name").fill("Zoo")
    page.get_by_label("Restricted").check()
    page.get_by_label("Only these types").check()
    page.get_by_label("Types", exact=True).fill("dataset")
    page.get_by_role("button", name="Create registry").click()
    expect(page.get_by_role("heading", name="Zoo", exact=True)).to_be_visible()
    expect(page.get_by_text("Your role: Admin")).to_be_visible()
    expect(page.get_by_text("No collections yet")).to_be_visible()
    assert Registry.objects.get(name="Zoo").visibility == "restricted"


def test_a_name_that_is_taken_is_refused_beside_the_field_and_all_is_kept(browse, member):
    page = browse(member)
    page.goto(f"{HOME}registries/new")
    page.get_by_label("Name").fill("MODEL")
    page.get_by_label("Description").fill("Of our own.")
    page.get_by_label("Restricted").check()
    page.get_by_role("button", name="Create registry").click()
    name = page.get_by_label("Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_value("MODEL")
    expect(page.get_by_label("Description")).to_have_value("Of our own.")
    expect(page.get_by_label("Restricted")).to_be_checked()


def test_an_admin_creates_a_collection(browse, admin, registry):
    page = browse(admin)
    page.goto(REGISTRY)
    page.get_by_role("main").get_by_role("link", name="Create collection").first.click()
    page.get_by_label("Name").fill("Zoo tables")
    page.get_by_label("Type", exact=True).fill("dataset")
    page.get_by_label("Card").fill("Animals by class.")
    page.get_by_role("textbox", name="Tags").fill("zoo\ntabular")
    page.get_by_role("button", name="Create collection").click()
    expect(page.get_by_role("heading", name="Zoo tables")).to_be_visible()
    expect(page.get_by_text("No versions yet")).to_be_visible()
    expect(section(page, "Card")).to_contain_text("Animals by class.")
    expect(page.get_by_role("link", name="tabular", exact=True)).to_be_visible()
    assert Collection.objects.filter(project=registry.project, name="Zoo tables").exists()


def test_an_editor_links_a_version_with_aliases(browse, editor, version, second_source):
    page = browse(editor)
    page.goto(COLLECTION)
    page.get_by_role("link", name="Link version").click()
    choose_source(page, "Version", "v1")
    page.get_by_role("textbox", name="Aliases").fill("candidate\nqa")
    page.get_by_role("button", name="Link version").click()
    expect(page).to_have_url(ends_with(V1))
    expect(said(page)).to_contain_text("Linked as v1.")
    for name in ("latest", "candidate", "qa"):
        expect_orange(badge(aliases_field(page), name))
    page.get_by_role("link", name="Zoo_Classifier_Models").first.click()
    expect(row(page, "View v1")).to_contain_text(editor.username)


def test_a_link_with_a_bad_alias_links_nothing_and_keeps_what_was_typed(
    browse, member, version, second_source
):
    page = browse(member)
    page.goto(f"{COLLECTION}/link")
    choose_source(page, "Version", "v1")
    page.get_by_role("textbox", name="Aliases").fill("good\na/b")
    page.get_by_role("button", name="Link version").click()
    aliases = page.get_by_role("textbox", name="Aliases")
    expect(aliases).to_have_attribute("aria-invalid", "true")
    expect(aliases).to_have_value("good\na/b")
    expect(page.get_by_label("Version", exact=True).locator("option:checked")).to_contain_text("v1")
    assert aliases_of(version.collection) == {"latest": "v0"}


def test_a_link_that_moves_a_protected_alias_asks_and_keeps_what_was_typed(
    browse, admin, protected_version, second_source
):
    page = browse(admin)
    page.goto(f"{COLLECTION}/link")
    choose_source(page, "Version", "v1")
    page.get_by_role("textbox", name="Aliases").fill("candidate\nproduction")
    page.get_by_role("button", name="Link version").click()
    box = question(page, "Move “production” to v1?")
    box.get_by_text("Cancel").click()
    expect(page.get_by_role("textbox", name="Aliases")).to_have_value("candidate\nproduction")
    page.get_by_role("button", name="Link version").click()
    question(page, "Move “production” to v1?").get_by_role(
        "button", name="Link and move to v1"
    ).click()
    expect(page).to_have_url(ends_with(V1))
    expect(said(page)).to_contain_text("production moved from v0 to v1.")
    placed = {"candidate": "v1", "latest": "v1", "production": "v1"}
    assert aliases_of(protected_version.collection) == placed


def test_a_link_to_a_new_name_creates_the_collection(browse, member, registry, source):
    page = browse(member)
    page.goto(REGISTRY)
    page.get_by_role("main").get_by_role("link", name="Link version").click()
    choose_source(page, "Version", "v0")
    page.get_by_label("Collection", exact=True).fill("Zoo")
    page.get_by_role("button", name="Link version").click()
    expect(page).to_have_url(ends_with(f"{REGISTRY}/collections/Zoo/versions/v0"))


def test_an_editor_unlinks_a_version_after_a_question(browse, editor, second_version):
    page = browse(editor)
    page.goto(V1)
    open_more(page, "Unlink v1…")
    box = question(page, "Unlink v1 from Zoo_Classifier_Models?")
    expect(box).to_contain_text("The number v1 is never given again.")
    box.get_by_role("button", name="Unlink v1").click()
    expect(page).to_have_url(ends_with(COLLECTION))
    expect(said(page)).to_contain_text("v1 unlinked from Zoo_Classifier_Models.")
    expect(row(page, "View v1")).to_have_count(0)
    assert aliases_of(second_version.collection) == {"latest": "v0"}


def test_an_admin_writes_the_card_and_cancels_a_second_thought(browse, admin, version):
    page = browse(admin)
    page.goto(COLLECTION)
    card = section(page, "Card")
    card.get_by_role("link", name="Edit card").click()
    card.get_by_role("textbox").fill("# Animals\n\n<script>x</script> **by class**")
    card.get_by_role("button", name="Save card").click()
    expect(card.get_by_role("heading", name="Animals")).to_be_visible()
    expect(card.get_by_role("strong")).to_have_text("by class")
    card.get_by_role("link", name="Edit card").click()
    card.get_by_role("textbox").fill("Something else")
    card.get_by_role("link", name="Cancel").click()
    expect(card.get_by_role("strong")).to_have_text("by class")


def test_an_admin_tags_a_collection(browse, admin, version):
    page = browse(admin)
    page.goto(COLLECTION)
    open_more(page, "Edit tags")
    for name in ("zoo", "tabular"):
        page.get_by_label("Add a tag").fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("button", name=f"Remove tag {name}")).to_be_visible()
    page.get_by_role("button", name="Remove tag zoo").click()
    expect(page.get_by_role("button", name="Remove tag zoo")).to_have_count(0)
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("link", name="tabular", exact=True)).to_be_visible()


def test_an_admin_tags_a_version(browse, admin, version):
    page = browse(admin)
    page.goto(V0)
    page.get_by_label("Add tag", exact=True).click()
    page.get_by_label("Add a tag to v0").fill("uci, 7 classes")
    popover(page).get_by_role("button", name="Add").click()
    expect(page.get_by_role("button", name="Remove tag 7 classes")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove tag uci").click()
    expect(page.get_by_role("button", name="Remove tag uci")).to_have_count(0)
    expect(history(page)).to_contain_text("removed the tag uci")


def test_an_admin_describes_a_version(browse, admin, version):
    page = browse(admin)
    page.goto(V0)
    page.get_by_role("link", name="Edit description").click()
    page.get_by_label("Description", exact=True).fill("As **published**.")
    page.get_by_role("button", name="Save description").click()
    expect(said(page)).to_contain_text("Description saved.")
    expect(page.get_by_role("strong").filter(has_text="published")).to_be_visible()


def test_an_admin_changes_metadata_and_a_mistake_is_pointed_at(browse, admin, version):
    page = browse(admin)
    page.goto(V0)
    metadata = section(page, "Metadata")
    metadata.get_by_role("link", name="Edit metadata").click()
    field = metadata.get_by_role("textbox", name="Metadata")
    field.fill('{"rows": 101,}')
    metadata.get_by_role("button", name="Save metadata").click()
    expect(field).to_have_accessible_description("This is not JSON: see line 1, column 14.")
    expect(field).to_have_value('{"rows": 101,}')
    field.fill('{"rows": 101}')
    metadata.get_by_role("button", name="Save metadata").click()
    expect(metadata.get_by_role("term")).to_have_text(["rows"])
    expect(metadata.get_by_role("definition")).to_have_text(["101"])
    version.artifact.refresh_from_db()
    assert version.artifact.metadata == {"rows": 101}


def test_an_admin_deletes_a_collection_after_a_question(browse, admin, version):
    page = browse(admin)
    page.goto(COLLECTION)
    open_more(page, "Delete collection…")
    box = question(page, "Delete Zoo_Classifier_Models?")
    expect(box).to_contain_text("This cannot be undone.")
    box.get_by_role("button", name="Delete collection").click()
    expect(page).to_have_url(ends_with(REGISTRY))
    expect(said(page)).to_contain_text("Collection “Zoo_Classifier_Models” deleted.")
    expect(page.get_by_text("No collections yet")).to_be_visible()
    assert not Collection.objects.filter(pk=version.collection_id).exists()
