"""What is in the pictures of `make screenshots`: the demonstration, and what a team adds to it."""

from __future__ import annotations

import io
import json

from accounts.models import Organization, User
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.service_accounts import create_service_account
from artifacts.models import Project
from artifacts.operations.runs import (
    expect_run_file,
    extend_run,
    note_use,
    receive_run_file,
    upsert_run,
)
from automations.actions import CallWebhook, DoNothing
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.notes import note_dead
from automations.operations.secrets import create_secret
from registries.demonstration.story import tell
from registries.models import Collection, Registry
from registries.operations.aliases import add_aliases
from registries.operations.collections import create_collection
from registries.operations.registries import create_registry, delete_registry
from registries.operations.versions import link_version
from tests.automations.receivers import receiving
from tests.automations.working import deliver
from tests.personas import caller_of
from tests.things import log

CONSOLE = "".join(
    f"epoch {n:2}  loss {1 / (n + 1):.4f}  accuracy {1 - 1 / (n + 2):.4f}\n" for n in range(24)
)
LONG_NAME = "Classifiers-of-animals-by-their-features-and-by-photographs-taken-at-night"


def furnish() -> None:
    """By the operations everything is made with."""
    tell()
    mira, tomas = (User.objects.get(username=name) for name in ("mira", "tomas"))
    organization = Organization.objects.get()
    model = Registry.objects.select_related("project").get(name="Model")
    _crowded(mira, model, organization)
    _keys_and_invitations(mira, tomas, organization)
    _runs(tomas)
    _automations(mira, organization, model)


def _crowded(mira: User, model: Registry, organization: Organization) -> None:
    """A registry with nothing in it, names that are long, a version with fifty aliases."""
    by = caller_of(mira)
    create_registry(by, organization, "Restricted models", visibility="restricted")
    create_collection(by, model.project, "Empty-so-far", "model", tags=["new"])
    artifact = Collection.objects.get(name="Zoo_Classifier_Models").versions.get(number=0).artifact
    version = link_version(by, artifact, model.project, LONG_NAME, []).version
    folds = [f"fold-{n:02}" for n in range(45)]
    regions = [f"rollout-{name}" for name in ("eu-west", "eu-north", "us-east", "us-west")]
    add_aliases(by, version, [*folds, *regions, "production", "staging"])


def _keys_and_invitations(mira: User, tomas: User, organization: Organization) -> None:
    for name in ("laptop", "training cluster"):
        create_api_key(caller_of(mira), mira, name=name)
    team = organization.teams.get()
    robot = create_service_account(caller_of(mira), team, "nightly-evaluation")
    create_api_key(caller_of(mira), robot, name="scheduler")
    invite(caller_of(mira), organization, email="ada@example.org", teams={team: "member"})
    invite(caller_of(mira), organization)


def _runs(tomas: User) -> None:
    """One that took the data, said something and made a model; with files of several kinds."""
    by, project = caller_of(tomas), Project.objects.get(name="zoo_experiment")
    run, _ = upsert_run(
        by,
        project,
        "train0042",
        display_name="gentle-fox-4",
        config={"learning_rate": 0.01, "epochs": 24, "model": {"kind": "forest", "trees": 200}},
        summary={"accuracy": 0.9615, "loss": 0.0417},
        state="finished",
    )
    epochs = [
        json.dumps({"epoch": n, "loss": round(0.9 * 0.88**n, 4), "accuracy": round(1 - 0.4 / n, 4)})
        for n in range(1, 25)
    ]
    extend_run(by, run, counts={"history_line_count": 24}, summary=None, state=None, history=epochs)
    console = CONSOLE.encode()
    output = expect_run_file(by, run, "output.log")
    receive_run_file(output, io.BytesIO(console), size=len(console))
    sequence = Collection.objects.get(project=project, name="zoo_dataset")
    note_use(by, project, run.name, sequence.versions.get(number=2).artifact)
    log(tomas, project, "forest", name="zoo_forest", type_name="model", run=run)


def _automations(mira: User, organization: Organization, model: Registry) -> None:
    """One that delivers, one that cannot, one that only takes note."""
    by, entity = caller_of(mira), organization.entity
    secret = create_secret(by, entity, "DEPLOY_SIGNING", "long enough to sign with it")
    with receiving() as receiver:
        deploy = create_webhook(by, entity, "deploy", receiver.url, signing_secret=secret)
        create_slack_channel(by, entity, "#models", receiver.url, workspace="zoo")
        broken = create_webhook(by, entity, "old-ci", "http://127.0.0.1:9/hook")
        collection = Collection.objects.get(name="Zoo_Classifier_Models")
        create_automation(
            by,
            model.project,
            "Deploy production",
            "alias.added",
            CallWebhook(deploy.integration),
            description="Rolls out what production points at.",
        )
        old = create_automation(
            by, collection, "Tell the old CI", "alias.added", CallWebhook(broken.integration)
        )
        note_dead(old, f"“{old.name}”: a message was given up. The receiver answers 410.")
        create_automation(by, model.project, "Note every link", "version.linked", DoNothing())
        trial = create_registry(by, organization, "Trial of 2025")
        call = CallWebhook(deploy.integration)
        create_automation(by, trial.project, "Tell of the trial", "version.linked", call)
        artifact = collection.versions.get(number=0).artifact
        link_version(by, artifact, trial.project, "Zoo_Trial", [])
        add_aliases(by, collection.versions.get(number=1), ["rollback"])
        add_aliases(by, collection.versions.get(number=2), ["canary"])
        deliver()
        delete_registry(by, trial)
