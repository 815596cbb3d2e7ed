"""What stands in a question before something ends."""

from __future__ import annotations

from registries.operations.aliases import remove_aliases
from registries.operations.collections import create_collection
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, CORE, Browser
from tests.things import put

PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}


def asked(user, name, **at):
    return Browser(user).get(name, **at).main.text


def test_nothing_is_said_to_end_that_is_not_there(registry, project, member, org_admin):
    create_collection(caller_of(member), registry.project, "Empty", "model")
    question = asked(member, "delete-collection", **CORE, collection="Empty")
    assert "0 links" not in question
    question = asked(org_admin, "delete-project", **PROJECT)
    assert "0 runs" not in question
    assert "Every artifact and collection of the project ends, or nothing does" in question


def test_unlinking_tells_of_the_aliases_there_are(version, second_version, member):
    def question(number):
        return asked(member, "unlink-version", **COLLECTION, number=number)

    moves = "latest moves to the highest version left, if there is one."
    assert f"Its aliases come off. {moves} The number" in question(1)
    assert "Its aliases" not in question(0)
    put(member, version, "candidate")
    put(member, second_version, "best")
    assert "Its aliases come off. Code that asks for them finds nothing." in question(0)
    assert f"{moves} Code that asks for the others finds nothing." in question(1)
    remove_aliases(caller_of(member), second_version, ["latest"])
    assert "latest" not in question(1)
