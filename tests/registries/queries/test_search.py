"""The search bar, asked as people ask it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from registries.models import Collection, Version
from registries.operations.collections import create_collection, edit_collection
from registries.operations.edits import edit_version
from registries.operations.protected_aliases import protect_aliases
from registries.operations.registries import create_registry
from registries.operations.versions import unlink_version
from registries.queries import finds, searched_registries
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, Browser, Page
from tests.things import link, log, put

KINDS = ("aliases", "registries", "collections", "version-tags", "collection-tags")


@dataclass(frozen=True)
class Found:
    """What the page of results lists, by kind, and the number beside each heading."""

    page: Page
    rows: dict[str, list[str]]
    counts: dict[str, str]

    def links(self, kind: str) -> list[str]:
        section = self.page.root.one("section", aria_labelledby=f"r-{kind}")
        return [node.attributes["href"] for node in section.all("a")]


def search(user, term: str, **query: str) -> Found:
    page = Browser(user).get("search", {"q": term} | query, organization="smle-reg")
    assert page.status == 200
    rows, counts = {}, {}
    for section in page.root.all("section"):
        kind = section.attributes.get("aria-labelledby", "").removeprefix("r-")
        rows[kind] = [row.text for row in section.all("li", class_="row")]
        for number in section.one("h2").all("span", class_="count"):
            counts[kind] = number.text
    return Found(page, rows, counts)


def preview(user, term: str) -> Page:
    return Browser(user).get("search-preview", {"q": term}, organization="smle-reg")


def links_called(words: str, page: Page) -> list[dict[str, str]]:
    return [link.attributes for link in page.root.all("a") if link.text == words]


@pytest.fixture
def zebra(version, registry, member, admin):
    """Each of the five kinds has one name with “zebra” in it."""
    create_registry(caller_of(admin), registry.organization, "My-ZEBRA-registry")
    create_collection(caller_of(member), registry.project, "the_zebra_models", "model")
    edit_version(caller_of(member), version, add_tags=["striped zebra"])
    edit_collection(caller_of(member), version.collection, add_tags=["zebras"])
    put(member, version, "pre-Zebra")
    return version


def test_a_term_is_found_in_each_of_the_five_kinds_without_regard_to_case(zebra, viewer):
    for term in ("zebra", "ZEBRA", "ebr", "zEb"):
        found = search(viewer, term)
        assert found.counts == dict.fromkeys(KINDS, "1")
        starts = ("pre-Zebra", "My-ZEBRA-registry", "Model / the_zebra", "striped", "zebras")
        for kind, start in zip(KINDS, starts, strict=True):
            assert found.rows[kind][0].startswith(start)


def test_the_match_is_marked(zebra, viewer):
    marks = search(viewer, "zebra").page.root.all("mark")
    assert {mark.text.lower() for mark in marks} == {"zebra"}
    assert len(marks) >= len(KINDS)


def test_each_result_leads_to_its_page(zebra, viewer):
    found, home = search(viewer, "zebra"), "/orgs/smle-reg/registry"
    assert f"{home}/Model/collections/Zoo_Classifier_Models/versions/v0" in found.links("aliases")
    assert found.links("registries") == [f"{home}/My-ZEBRA-registry"]
    assert found.links("collections") == [f"{home}/Model/collections/the_zebra_models"]
    assert f"{home}/Model/collections/Zoo_Classifier_Models" in found.links("collection-tags")
    version = f"{home}/Model/collections/Zoo_Classifier_Models/versions/v0"
    assert version in found.links("version-tags")
    browser = Browser(viewer)
    for kind in KINDS:
        for address in found.links(kind):
            assert browser.client.get(address).status_code == 200


def test_an_alias_is_drawn_as_its_badge_with_the_version_it_points_at(
    protected_version, second_version, member, viewer
):
    put(member, second_version, "production-candidate")
    found = search(viewer, "production")
    assert [row.split("Model /")[0].strip() for row in found.rows["aliases"]] == [
        "protected production points at v0",
        "production-candidate points at v1",
    ]
    badges = found.page.root.all("a", class_="badge--protected")
    assert [badge.text for badge in badges] == ["protected production"]


@pytest.mark.parametrize("number", [99, 100, 101])
def test_counts_are_exact_up_to_100(number, registry, admin, viewer):
    rows = [
        Collection(
            project=registry.project,
            kind="portfolio",
            name=f"giraffe-{n}",
            type="model",
            created_by=admin,
            changed_by=admin,
        )
        for n in range(number)
    ]
    Collection.objects.bulk_create(rows)
    found = search(viewer, "giraffe")
    shown = str(number) if number <= 100 else "100+"
    assert found.counts["collections"] == shown
    assert found.page.root.one("h1").text
    assert f"Show all {shown} collections" in found.page.text
    assert f"Enter shows all {shown}" in preview(viewer, "giraffe").text


def test_all_of_one_kind_are_read_page_by_page(registry, admin, viewer):
    for n in range(45):
        create_collection(caller_of(admin), registry.project, f"giraffe-{n:02}", "model")
    seen = []
    for page in ("1", "2", "3"):
        found = search(viewer, "giraffe", kind="collections", page=page)
        seen += [row.split()[2] for row in found.rows["one-title"]]
    assert seen == [f"giraffe-{n:02}" for n in range(45)]


@pytest.mark.parametrize("few", [finds.FEW, 0])
def test_each_version_of_a_tag_is_on_one_page(few, version, registry, admin, viewer, monkeypatch):
    monkeypatch.setattr(finds, "FEW", few)
    edit_version(caller_of(admin), version, add_tags=["stable"])
    by = {"created_by": admin, "changed_by": admin}
    others = Collection.objects.bulk_create(
        Collection(project=registry.project, kind="portfolio", name=f"c{n}", type="model", **by)
        for n in range(110)
    )
    Version.objects.bulk_create(
        Version(collection=one, artifact=version.artifact, number=0, linked_by=admin)
        for one in others
    )
    for term in ("stable", "table"):
        seen = [
            row
            for page in range(1, 7)
            for row in search(viewer, term, kind="version-tags", page=str(page)).rows["one-title"]
        ]
        assert len(seen) == len(set(seen)) >= len(others)


def test_registries_stand_in_natural_order_on_every_page(registry, admin, viewer):
    for n in range(1, 26):
        create_registry(caller_of(admin), registry.organization, f"fold-{n}-x")
    names = [f"fold-{n}-x" for n in range(1, 26)]
    first, second = (
        [row.split()[0] for row in found.rows["one-title"]]
        for found in (search(viewer, "fold", kind="registries", page=page) for page in "12")
    )
    assert [first, second] == [names[:20], names[20:]]


@pytest.mark.parametrize("page", ["3", "7", "25"])
def test_a_page_beyond_the_end_is_the_last_one(page, registry, admin, viewer):
    for n in range(25):
        create_collection(caller_of(admin), registry.project, f"giraffe-{n:02}", "model")
    found = search(viewer, "giraffe", kind="collections", page=page)
    assert found.counts == {"one-title": "25"}
    assert len(found.rows["one-title"]) == 5


@pytest.mark.parametrize("few", [finds.FEW, 0])
@pytest.mark.parametrize(("used", "unused"), [(0, 41), (10, 30), (25, 45), (40, 1), (45, 5)])
def test_each_alias_is_on_one_page_whether_on_a_version_or_not(
    few, used, unused, version, registry, member, admin, viewer, monkeypatch
):
    monkeypatch.setattr(finds, "FEW", few)
    put(member, version, *(f"zebra-{n}" for n in range(used)))
    protect_aliases(caller_of(admin), registry, [f"zebra-rule-{n}" for n in range(unused)])
    seen, next_page = [], 1
    while next_page:
        found = search(viewer, "zebra", kind="aliases", page=str(next_page))
        assert found.counts == {"one-title": str(used + unused)}
        seen += found.rows["one-title"]
        following = [int(a["href"].rpartition("=")[2]) for a in links_called("Next", found.page)]
        assert following in ([], [next_page + 1])
        next_page = sum(following)
    assert len(seen) == len(set(seen)) == used + unused
    beyond = search(viewer, "zebra", kind="aliases", page="25").rows["one-title"]
    assert beyond == found.rows["one-title"]


@pytest.mark.parametrize("few", [finds.FEW, 0])
def test_numbers_in_names_stand_in_their_order(few, version, member, viewer, monkeypatch):
    monkeypatch.setattr(finds, "FEW", few)
    put(member, version, "fold-10", "fold-2", "fold-1", "a-fold-10b", "a-fold-2b")
    found = search(viewer, "fold", kind="aliases")
    shown = [row.split()[0] for row in found.rows["one-title"]]
    assert shown[:3] == ["fold-1", "fold-2", "fold-10"]
    if few:
        assert shown[3:] == ["a-fold-2b", "a-fold-10b"]


def test_the_first_few_of_a_kind_are_those_with_the_smallest_numbers(registry, admin, viewer):
    for n in (1, 10, 11, 12, 13, 2, 3):
        create_collection(caller_of(admin), registry.project, f"fold-{n}", "model")
        create_registry(caller_of(admin), registry.organization, f"fold-{n}")
    found = search(viewer, "fold")
    names = [f"fold-{n}" for n in (1, 2, 3, 10, 11)]
    assert [row.split()[2] for row in found.rows["collections"]] == names
    assert [link.rsplit("/", 1)[1] for link in found.links("registries")[:5]] == names


@pytest.mark.parametrize("term", ["b", "be", "B", "BE", "ca", "re"])
def test_one_or_two_letters_match_beginnings_of_names_and_words(term, registry, admin, viewer):
    for name in ("bears", "brown bears", "the-bears", "the_bears", "v.bears"):
        create_collection(caller_of(admin), registry.project, name, "model")
    create_collection(caller_of(admin), registry.project, "scarab", "model")
    create_collection(caller_of(admin), registry.project, "cabreb", "model")
    names = {
        row.split("/ ")[1].rsplit(" ", 1)[0]
        for row in search(viewer, term).rows.get("collections", [])
    }
    expected = {
        "b": {"bears", "brown bears", "the-bears", "the_bears", "v.bears"},
        "ca": {"cabreb"},
        "re": set(),
    }
    assert names == expected["b" if term.lower().startswith("b") else term]


def test_letters_of_other_languages_have_no_case_either(registry, member, viewer, subtests):
    create_collection(caller_of(member), registry.project, "Die Größe", "model")
    for term in ["größe", "GRÖSSE", "Größe", "GRÖẞE", "gro\u0308ße"]:
        with subtests.test(str(term)[:30]):
            assert search(viewer, term).counts["collections"] == "1"


@pytest.mark.parametrize(
    ("term", "name"), [("50%", "at 50% scale"), ("a_b", "xa_bx"), ("\\d", "\\d")]
)
def test_signs_of_patterns_stand_for_themselves(term, name, registry, member, viewer):
    for one in (name, "at 500 scale", "xaxbx", "word"):
        create_collection(caller_of(member), registry.project, one, "model")
    found = search(viewer, term)
    assert found.counts["collections"] == "1"
    assert name in found.rows["collections"][0]


def test_a_sign_alone_does_not_match_everything(second_version, viewer, subtests):
    for term in ["%", "_", "%%%", "___", "*", ".*", "'", '"', "(", "[a-z]+"]:
        with subtests.test(str(term)[:30]):
            assert "collections" not in search(viewer, term).rows or term == "_"


def test_name_and_number_or_alias_lead_to_the_version(second_version, viewer, subtests):
    for term in [
        "Zoo_Classifier_Models:v1",
        "zoo_classifier_models:V1",
        "Zoo_Classifier_Models:latest",
        " Zoo_Classifier_Models : v1 ",
    ]:
        with subtests.test(str(term)[:30]):
            found = search(viewer, term)
            address = "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v1"
            assert found.links("version") == [address, address]
            assert address in preview(viewer, term).source


def test_a_name_in_several_registries_leads_to_the_version_in_each(
    second_version, source, registry, admin, viewer
):
    other = create_registry(caller_of(admin), registry.organization, "Animals")
    link(admin, source.artifact, other)
    at = "/orgs/smle-reg/registry/{}/collections/Zoo_Classifier_Models/versions/{}"
    for reference, labels in {"v0": ("v0", "v0"), "latest": ("v0", "v1")}.items():
        term = f"Zoo_Classifier_Models:{reference}"
        homes = zip(("Animals", "Model"), labels, strict=True)
        addresses = [at.format(home, label) for home, label in homes]
        assert search(viewer, term).links("version")[::2] == addresses
        options = preview(viewer, term).root.all("a", class_="option")
        assert [option.attributes["href"] for option in options] == addresses


def test_the_path_that_a_page_copies_leads_back_to_its_version(
    second_version, source, registry, admin, member
):
    link(admin, source.artifact, create_registry(caller_of(admin), registry.organization, "Other"))
    page = Browser(member).get("version", **COLLECTION, number=1)
    path = page.root.one("span", id="path").text
    address = "/orgs/smle-reg/registry/Model/collections/Zoo_Classifier_Models/versions/v1"
    short = path.replace("wandb-registry-", "")
    assert short == "Model/Zoo_Classifier_Models:v1"
    for term in (path, path.lower(), short, short.replace("/", " / "), f"smle-reg/{path}"):
        assert search(member, term).links("version") == [address, address]
    for term in (f"other-org/{path}", path.replace("Model/", "Nothing/")):
        assert "version" not in search(member, term).rows


def test_what_names_no_version_leads_nowhere(second_version, viewer, subtests):
    for term in [
        "Zoo_Classifier_Models:v2",
        "Zoo_Classifier_Models:nothing",
        "Zoo_Classifier_Models:Latest",
        *("Nothing:v0", ":", "::", "a:", ":v0"),
        "Zoo_Classifier_Models:v00000000000000000000001",
        "Zoo_Classifier_Models:v²",
    ]:
        with subtests.test(str(term)[:30]):
            assert "version" not in search(viewer, term).rows


def test_numbers_alone_are_not_searched(second_version, viewer):
    found = search(viewer, "v1")
    assert found.rows == {}
    assert "Nothing matches “v1”" in found.page.text


def test_a_protected_alias_on_no_version_leads_to_the_settings(registry, admin, viewer):
    protect_aliases(caller_of(admin), registry, ["staging"])
    found = search(viewer, "stag")
    assert found.counts["aliases"] == "1"
    assert found.rows["aliases"] == ["protected staging Model / Protected Aliases On no version"]
    settings = "/orgs/smle-reg/registry/Model/settings#protected-aliases"
    assert found.links("aliases") == [settings, settings]
    assert settings in preview(viewer, "stag").source
    assert search(viewer, "stag", kind="aliases").rows["one-title"] == found.rows["aliases"]


def test_what_is_gone_is_not_found(second_version, member, viewer):
    put(member, second_version, "candidate")
    assert search(viewer, "candid").counts == {"aliases": "1"}
    unlink_version(caller_of(member), second_version)
    assert search(viewer, "candid").rows == {}


def test_logged_artifacts_are_not_registered_ones(project, member):
    log(member, project, "as published", name="hyena_dataset", aliases=["hyena"], tags=["hyena"])
    assert search(member, "hyena").rows == {}


@pytest.fixture
def secret(restricted_registry, project, member, org_admin):
    """A registry of the organization that its admin alone sees, full of otters."""
    version = link(
        org_admin, log(member, project, "otters").artifact, restricted_registry, name="otter_models"
    )
    put(org_admin, version, "otter")
    edit_version(caller_of(org_admin), version, add_tags=["otter"])
    edit_collection(caller_of(org_admin), version.collection, add_tags=["otter"])
    protect_aliases(caller_of(org_admin), restricted_registry, ["otter-live"])
    return restricted_registry


@pytest.mark.parametrize("few", [finds.FEW, 0])
def test_only_what_the_person_may_see_is_found_and_counted(
    few, secret, org_admin, personas, monkeypatch
):
    """Of few registries, and of more than are named one by one."""
    monkeypatch.setattr(finds, "FEW", few)
    assert set(search(org_admin, "otter").rows) == set(KINDS) - {"registries"}
    assert search(org_admin, "otter_models:v0").rows["version"]
    for name in ("admin", "member", "viewer", "org_viewer", "guest", "restricted_viewer"):
        for term in ("otter", "ot", "otter_models:v0", "otter_models:otter", "Secret"):
            found = search(personas[name], term)
            assert found.rows == {}
            assert "otter_models" not in found.page.source.replace(term, "")
            assert "Nothing matches" in preview(personas[name], term).text
        for kind in KINDS:
            assert search(personas[name], "otter", kind=kind).counts == {"one-title": "0"}


def test_a_registry_hidden_while_one_searches_is_not_told_of(secret, member, monkeypatch):
    """When it was asked which ones are hidden from the person, it was not."""
    monkeypatch.setattr(finds, "FEW", 0)
    ask = searched_registries._seen_and_hidden
    monkeypatch.setattr(
        searched_registries,
        "_seen_and_hidden",
        lambda *asked: [(pk, is_seen) for pk, is_seen in ask(*asked) if is_seen],
    )
    found = search(member, "otter")
    assert (found.rows, found.counts) == ({}, {})
    for kind in KINDS:
        assert search(member, "otter", kind=kind).counts == {"one-title": "0"}
    assert "Nothing matches" in preview(member, "otter-").text


def test_another_organization_is_searched_on_its_own(zebra, other_admin, org_admin):
    found = Browser(other_admin).get("search", {"q": "zebra"}, organization="other-org")
    assert "Nothing matches" in found.text


def test_an_empty_term_says_what_is_searched(zebra, viewer):
    for term in ("", "   ", "\x00", "\u200d", " \u200c\u200d\x00"):
        text = search(viewer, term).page.main.text
        for kind in ("registry names", "collection names", "version tags", "collection tags"):
            assert kind in text
        assert preview(viewer, term).text == ""


def test_no_match_says_what_was_searched(zebra, viewer):
    text = search(viewer, "<b>okapi</b>").page.main.text
    assert "Nothing matches “<b>okapi</b>”" in text
    assert "registry names, collection names, version tags, collection tags and aliases" in text


def test_nonsense_in_the_address_is_passed_over(zebra, viewer, subtests):
    pages = ("0", "abc", "-1", "1" + "0" * 30, "²", "999999")
    for query in [{"kind": "nonsense"}, *({"kind": "aliases", "page": page} for page in pages)]:
        with subtests.test(str(query)[:30]):
            assert search(viewer, "zebra", **query).page.main


def test_any_text_can_be_searched(zebra, viewer, subtests):
    for term in ["\x00", "a\x00b", "\ufffd", "x" * 100_000, "İ", "ﷺ" * 200, "ẞ"]:
        with subtests.test(str(term)[:30]):
            assert search(viewer, term).page.main
            assert preview(viewer, term).status == 200


def test_the_first_few_are_shown_while_typing(registry, admin, viewer):
    for n in range(9):
        create_collection(caller_of(admin), registry.project, f"giraffe-{n}", "model")
    page = preview(viewer, "giraffe")
    assert not page.is_whole
    assert len(page.root.all("a", class_="option")) == 3
    assert "Enter shows all 9" in page.text
