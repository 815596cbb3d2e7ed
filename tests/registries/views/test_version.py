"""The page of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registries.operations.edits import edit_version
from tests.personas import caller_of
from tests.registries.views.pages import COLLECTION, Browser

if TYPE_CHECKING:
    from accounts.models import User
    from registries.models import Version


def test_metadata_stands_on_the_page_with_its_names_and_what_is_nested_in_it(
    version: Version, member: User
):
    metadata = {"split": {"train": [70, "rows"]}, "accuracy": 0.97}
    edit_version(caller_of(member), version, metadata=metadata)

    page = Browser(member).get("version", **COLLECTION, number=version.number)

    tree = page.main.all("dl", class_="tree")[0]
    assert [name.text for name in tree.all("dt")] == ["split", "train", "0", "1", "accuracy"]
    assert [value.text for value in tree.all("code")] == ["70", '"rows"', "0.97"]
