"""What ends with a logged version, as the page that deletes it says."""

from __future__ import annotations

from registries.queries import links
from tests.registries.views.pages import Browser
from tests.things import link, put

SOURCE = {
    "entity": "smle-reg-team-2",
    "project": "zoo_experiment",
    "collection": "zoo_dataset",
    "number": 0,
}


def question(user):
    page = Browser(user).get("delete-version", **SOURCE)
    assert page.status == 200
    return page


def test_links_one_does_not_see_are_told_of_without_their_number(
    version, source, restricted_registry, member, org_admin
):
    assert "not shared with you" not in question(member).main.text
    texts = []
    for name in ("Cats", "Dogs"):
        link(org_admin, source.artifact, restricted_registry, name=name)
        texts.append(question(member).main.text)
    assert "Links that are not shared with you end as well." in texts[0]
    assert texts[0] == texts[1]
    assert "not shared" not in question(org_admin).main.text


def test_a_protected_alias_is_told_however_many_others_there_are(
    protected_version, member, monkeypatch
):
    monkeypatch.setattr(links, "SHOWN", 3)
    put(member, protected_version, *(f"a-{number}" for number in range(5)))
    page = question(member)
    assert page.badges()[0] == "production"
    assert "A protected alias keeps it" in page.main.text
    assert not page.root.all("input", name="aliases")
