"""Where a content came from and went to: all that is not told is said to be there."""

from __future__ import annotations

import pytest

from artifacts.models import Artifact, ArtifactOutput, ArtifactUse, Run
from registries.queries import lineage
from tests.registries.views.pages import Browser
from tests.things import log

MADE = {"entity": "smle-reg-team-2", "project": "zoo_experiment", "collection": "made"}


@pytest.fixture
def made(project, member):
    return log(member, project, "made of others", name="made").artifact


@pytest.fixture
def runs(project, member):
    """Of these names, oldest first."""

    def create(*names: str) -> list[Run]:
        by = {"project": project, "created_by": member}
        return [Run.objects.create(name=name, display_name=name, **by) for name in names]

    return create


@pytest.fixture
def artifacts(project, member):
    """Of sequences of these names, oldest first."""

    def create(*names: str) -> list[Artifact]:
        return [log(member, project, name, name=name).artifact for name in names]

    return create


def link_runs(model, artifact, runs):
    model.objects.bulk_create(model(artifact=artifact, run=run) for run in runs)


def told(user):
    """The entries of the list, and the boxes of the picture that stand for what is not drawn."""
    page = Browser(user).get("project-lineage", **MADE, number=0)
    assert page.status == 200
    entries = [entry.text for entry in page.root.one(class_="lineage-list").all("li")]
    boxes = page.root.all("g", class_="lineage__box--more")
    return entries, [box.one("title").text for box in boxes], page.main.text


@pytest.mark.parametrize("model", [ArtifactOutput, ArtifactUse])
@pytest.mark.parametrize(("count", "has_more"), [(19, False), (20, False), (21, True), (25, True)])
def test_older_runs_are_said_to_be_there_only_when_they_are(
    model, count, has_more, made, runs, member
):
    link_runs(model, made, runs(*(f"run-{n:02}" for n in range(count))))
    entries, boxes, _ = told(member)
    names = [f"run-{n:02} of member" for n in reversed(range(count))][:20]
    assert entries == names + ["and older ones"] * has_more
    drawn = 3 if model is ArtifactOutput else 8
    assert boxes == [f"{len(names) - drawn}{'+' if has_more else ''} more runs"]


@pytest.mark.parametrize(("again", "has_more"), [(0, False), (19, False), (20, True), (40, True)])
def test_the_run_that_logged_it_first_is_told_first_however_old_it_is(
    again, has_more, made, runs, member
):
    first, *others = runs("first", *(f"again-{n:02}" for n in range(again)))
    Artifact.objects.filter(pk=made.pk).update(run=first)
    link_runs(ArtifactOutput, made, others)
    entries, _, _ = told(member)
    names = [f"again-{n:02} of member" for n in reversed(range(again))]
    assert entries == ["first of member", *names[:19]] + ["and older ones"] * has_more


def test_a_run_that_logged_it_first_and_again_is_one_run(made, runs, member):
    both = runs(*(f"run-{n:02}" for n in range(20)))
    Artifact.objects.filter(pk=made.pk).update(run=both[-1])
    link_runs(ArtifactOutput, made, both)
    entries, _, _ = told(member)
    assert entries == [f"run-{n:02} of member" for n in reversed(range(20))]


def test_what_a_run_took_beyond_what_is_shown_is_counted(made, runs, artifacts, member):
    (run,) = runs("maker")
    Artifact.objects.filter(pk=made.pk).update(run=run)
    names = [f"in-{n:02}" for n in range(23)]
    for taken in artifacts(*names):
        link_runs(ArtifactUse, taken, [run])
    entries, boxes, _ = told(member)
    listed = ", ".join(f"{name}:v0" for name in reversed(names[3:]))
    assert entries == [f"maker of member, which took {listed} and 3 more"]
    assert boxes == ["17 more"]


def test_what_a_run_made_beyond_what_is_shown_is_counted(made, runs, artifacts, member):
    (run,) = runs("user")
    link_runs(ArtifactUse, made, [run])
    names = [f"out-{n:02}" for n in range(21)]
    for output in artifacts(*names):
        link_runs(ArtifactOutput, output, [run])
    entries, boxes, _ = told(member)
    listed = ", ".join(f"{name}:v0" for name in reversed(names[1:]))
    assert entries == [f"user of member, which made {listed} and 1 more"]
    assert boxes == ["18 more"]


def test_more_than_is_read_of_all_runs_is_said_to_be_there(
    made, runs, artifacts, member, monkeypatch
):
    (run,) = runs("maker")
    Artifact.objects.filter(pk=made.pk).update(run=run)
    for taken in artifacts(*(f"in-{n}" for n in range(8))):
        link_runs(ArtifactUse, taken, [run])
    sentence = "Of what these runs took and made, only the newest artifacts were looked at."
    assert sentence not in told(member)[2]
    monkeypatch.setattr(lineage, "LINKS_READ", 7)
    _, boxes, text = told(member)
    assert sentence in text
    assert boxes == ["1+ more"]
