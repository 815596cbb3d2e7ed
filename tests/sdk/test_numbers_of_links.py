"""Links whose number in their collection is not the one their source has in its own."""

from __future__ import annotations

# The links have other numbers than what they link: v3, v1 and v0 of the source are v0, v1 and v2.
MIXED = """
with started("member") as run:
    logged = [run.log_artifact(artifact(f"source v{number}")).wait() for number in range(4)]
    for number in (3, 1, 0):
        logged[number].link("smle-reg/wandb-registry-Model/Mixed")
seen = api("member")
place = "smle-reg/wandb-registry-Model/Mixed"
def held(found):
    (file,) = found.files()
    here, entry = Path.cwd(), found.get_entry("zoo.csv")
    return [
        found.name,
        found.version,
        found.source_name,
        texts(found.download(root=found.name.replace(":", "_")))["zoo.csv"],
        file.download(root=str(here), replace=True).read(),
        Path(entry.download(root=str(here / "entry"))).read_text(),
    ]
"""


def test_versions_that_are_listed_hold_their_own_files_whatever_the_number_of_their_source(
    sdk, member, registry
):
    answer = sdk(
        """
listed = {
    "artifacts": seen.artifacts("dataset", place),
    "collection": seen.artifact_collection("dataset", place).artifacts(),
    "registry": seen.registry("Model", "smle-reg").collections().versions(),
    "links": [link for one in logged for link in one.linked_artifacts],
    "by name": [seen.artifact(f"{place}:v{number}") for number in range(3)],
    "source": seen.artifacts("dataset", "smle-reg-team-2/zoo_experiment/zoo_dataset"),
    "logged": seen.run(run.path).logged_artifacts(),
}
for what, versions in listed.items():
    answer[what] = sorted(held(version) for version in versions)
""",
        before=MIXED,
        member=member,
    )
    links = [
        [f"Mixed:v{number}", f"v{number}", f"zoo_dataset:v{source}", *3 * [f"source v{source}"]]
        for number, source in enumerate((3, 1, 0))
    ]
    for what in ("artifacts", "collection", "registry", "links", "by name"):
        assert answer[what] == links, what
    for what in ("source", "logged"):
        assert answer[what] == [
            [name, f"v{number}", name, *3 * [f"source v{number}"]]
            for number, name in ((number, f"zoo_dataset:v{number}") for number in range(4))
        ]


def test_versions_that_are_listed_by_names_in_another_case_hold_their_own_files(
    sdk, member, registry
):
    """What they tell of the number of their source is then that of the link."""
    answer = sdk(
        """
other = "smle-reg/wandb-registry-model/Mixed"
answer["listed"] = [held(version) for version in seen.artifacts("dataset", other)]
""",
        before=MIXED,
        member=member,
    )
    assert answer["listed"] == [
        [f"Mixed:v{number}", f"v{number}", f"zoo_dataset:v{number}", *3 * [f"source v{source}"]]
        for number, source in ((2, 0), (1, 1), (0, 3))
    ]


def test_a_version_listed_by_names_in_another_case_keeps_its_number_and_files_when_it_is_saved(
    sdk, member, registry
):
    answer = sdk(
        """
other = "smle-reg/wandb-registry-model/Mixed"
(listed,) = [one for one in seen.artifacts("dataset", other) if one.name == "Mixed:v0"]
for text in ("The fourth.", "The last."):
    listed.description = text
    listed.aliases.append("best")
    listed.save()
answer["saved"] = held(listed)
answer["described"] = seen.artifact(f"{place}:best").description
listed.unlink()
answer["left"] = sorted(version.name for version in seen.artifacts("dataset", place))
""",
        before=MIXED,
        member=member,
    )
    files = 3 * ["source v3"]
    assert answer["saved"] == ["Mixed:v0", "v0", "zoo_dataset:v0", *files]
    assert answer["described"] == "The last."
    assert answer["left"] == ["Mixed:v1", "Mixed:v2"]


def test_what_is_done_to_a_listed_version_hits_that_version(sdk, member, registry):
    answer = sdk(
        """
def listed(number):
    return next(v for v in seen.artifacts("dataset", place) if v.name == f"Mixed:v{number}")
changed = listed(0)
changed.aliases.append("best")
changed.description = "The fourth."
changed.save()
answer["saved"] = held(changed)
answer["aliases"] = [changed.aliases, listed(0).aliases, listed(2).aliases]
answer["best"] = held(seen.artifact(place + ":best"))
answer["described"] = [version.description for version in seen.artifacts("dataset", place)]
changed = seen.artifact(place + ":best")
changed.aliases.remove("best")
changed.save()
answer["fetched"] = held(changed)
answer["taken"] = listed(0).aliases
listed(0).unlink()
answer["left"] = sorted(version.name for version in seen.artifacts("dataset", place))
""",
        before=MIXED,
        member=member,
    )
    fourth = ["v0", "zoo_dataset:v3", *3 * ["source v3"]]
    assert answer["saved"] == ["Mixed:v0", *fourth]
    assert answer["aliases"] == [["best"], ["best"], ["latest"]]
    assert answer["best"][1:] == answer["fetched"][1:] == fourth
    assert answer["described"] == [None, None, "The fourth."]
    assert answer["taken"] == []
    assert answer["left"] == ["Mixed:v1", "Mixed:v2"]
