"""What `make screenshots` takes pictures of: the demonstration, and what a team adds to it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import Organization, User
from accounts.operations.api_keys import create_api_key
from accounts.operations.invitations import invite
from accounts.operations.service_accounts import create_service_account
from artifacts.models import Project, Run
from artifacts.operations.runs import expect_run_file, note_use, receive_run_file, upsert_run
from automations.actions import CallWebhook, DoNothing
from automations.models import Automation, Delivery
from automations.operations.automations import create_automation
from automations.operations.integrations import create_slack_channel, create_webhook
from automations.operations.secrets import create_secret
from registries.demonstration.story import tell
from registries.models import Collection, Registry
from registries.operations.aliases import add_aliases
from registries.operations.collections import create_collection
from registries.operations.registries import create_registry
from registries.operations.versions import link_version
from tests.automations.receivers import receiving
from tests.automations.working import deliver
from tests.browser.screens import COLLECTION, HOME, REGISTRY, SETTINGS, add_alias, plus, question
from tests.personas import caller_of
from tests.things import log

if TYPE_CHECKING:
    from playwright.sync_api import Page

V1, V2 = f"{COLLECTION}/versions/v1", f"{COLLECTION}/versions/v2"
PROJECT = "/smle-reg-team-2/zoo_experiment"
SEQUENCE = f"{PROJECT}/collections/zoo_dataset"
TEAM = f"{HOME}teams/smle-reg-team-2"
CONSOLE = "".join(
    f"epoch {n:2}  loss {1 / (n + 1):.4f}  accuracy {1 - 1 / (n + 2):.4f}\n" for n in range(24)
)
LONG_NAME = "Classifiers-of-animals-by-their-features-and-by-photographs-taken-at-night"


@dataclass(frozen=True)
class Shot:
    """`who` looks, "" is nobody; `do` brings the page into the state that is shown."""

    name: str
    title: str
    address: str
    who: str = "mira"
    do: Callable[[Page], None] = lambda page: None


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
        create_automation(
            by, collection, "Tell the old CI", "alias.added", CallWebhook(broken.integration)
        )
        create_automation(by, model.project, "Note every link", "version.linked", DoNothing())
        add_aliases(by, collection.versions.get(number=1), ["rollback"])
        add_aliases(by, collection.versions.get(number=2), ["canary"])
        deliver()


def _automation() -> str:
    return f"/automations/{Automation.objects.get(name='Deploy production').pk}"


def _delivery(state: str) -> str:
    return f"/automations/deliveries/{Delivery.objects.filter(state=state).earliest('pk').pk}"


def _type_an_alias(page: Page) -> None:
    plus(page).click()
    page.get_by_label("Add an alias to v1").press_sequentially("prod")
    page.get_by_role("list", name="Known in Model").get_by_role("button").first.wait_for()


def _ask_about_production(page: Page) -> None:
    add_alias(page, "production")
    question(page, "Move “production” to v1?")


def _refuse_an_alias(page: Page) -> None:
    add_alias(page, "a/b")
    page.locator("#new-alias-error").wait_for()


def _click(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).click()


def _type_in_search(page: Page) -> None:
    page.get_by_role("searchbox").press_sequentially("prod")
    page.get_by_role("search").get_by_role("link").first.wait_for()


def shots() -> list[Shot]:
    """Every page, in the order of `docs/ui.md`. Called when `furnish` is done."""
    run = Run.objects.get(name="train0042")
    crowded = f"{REGISTRY}/collections/{LONG_NAME}"
    return [
        Shot("sign-in", "Sign in", "/accounts/login/", ""),
        Shot("home", "The registries of an organization", HOME),
        Shot("registry", "A registry", REGISTRY),
        Shot("registry-history", "The history of a registry", f"{REGISTRY}/history"),
        Shot("create-registry", "A new registry", f"{HOME}registries/new"),
        Shot(
            "empty-registry", "A registry with nothing in it", f"{HOME}registry/Restricted models"
        ),
        Shot("collection", "A collection", COLLECTION),
        Shot("collection-history", "The history of a collection", f"{COLLECTION}/history"),
        Shot("create-collection", "A new collection", f"{REGISTRY}/create-collection"),
        Shot(
            "empty-collection",
            "A collection without versions",
            f"{REGISTRY}/collections/Empty-so-far",
        ),
        Shot(
            "link-version",
            "Linking a version",
            f"{COLLECTION}/link?team=smle-reg-team-2&project=zoo_experiment&artifact=zoo_dataset&version=v1",
        ),
        Shot("version", "A version", V2),
        Shot("version-for-readers", "The same version for somebody who may only read", V2, "ines"),
        Shot(
            "aliases-typed",
            "+ beside Aliases: names are offered while typing",
            V1,
            do=_type_an_alias,
        ),
        Shot("alias-refused", "A name that cannot be an alias", V1, do=_refuse_an_alias),
        Shot("alias-question", "Before a protected alias moves", V1, do=_ask_about_production),
        Shot(
            "many-aliases",
            "A version with fifty aliases in a collection with a long name",
            f"{crowded}/versions/v0",
        ),
        Shot("many-aliases-collection", "Its collection", crowded),
        Shot("file", "A file of a version", f"{V2}/view/train_features.csv"),
        Shot("lineage", "Where a version came from and went to", f"{V2}/lineage"),
        Shot("unlink-version", "Before a version is unlinked", f"{V2}/unlink"),
        Shot("settings", "The settings of a registry", SETTINGS),
        Shot(
            "protect",
            "Gear → Protected Aliases → +",
            SETTINGS,
            do=lambda page: _click(page, "Add protected alias"),
        ),
        Shot(
            "settings-for-members", "The settings for somebody who is no admin", SETTINGS, "tomas"
        ),
        Shot(
            "delete-registry",
            "Before a registry is deleted",
            f"{HOME}registry/Restricted models/settings/delete",
        ),
        Shot("search-typed", "The search bar while typing", HOME, do=_type_in_search),
        Shot("search", "Results of a search", f"{HOME}search?q=zoo"),
        Shot("search-nothing", "A search without a match", f"{HOME}search?q=nothing-like-it"),
        Shot("projects", "The projects of one’s teams", "/projects"),
        Shot("project", "A project", PROJECT),
        Shot("upload", "Uploading a version", f"{PROJECT}/upload"),
        Shot("artifact", "An artifact of a project", SEQUENCE),
        Shot("logged-version", "A version that was logged", f"{SEQUENCE}/versions/v2"),
        Shot("runs", "Runs", f"{PROJECT}/runs"),
        Shot("run", "A run", f"{PROJECT}/runs/{run.name}"),
        Shot(
            "delete-version", "Before a logged version is deleted", f"{SEQUENCE}/versions/v2/delete"
        ),
        Shot(
            "integrations",
            "Webhooks, Slack channels and secrets",
            "/automations/integrations/smle-reg",
        ),
        Shot("create-webhook", "A new webhook", "/automations/integrations/smle-reg/webhooks/new"),
        Shot("automations", "Automations of a registry", f"{REGISTRY}/automations"),
        Shot("organization-automations", "Automations of an organization", f"{HOME}automations"),
        Shot(
            "create-automation",
            "A new automation",
            f"/automations/in/{Registry.objects.get(name='Model').pk}/new?alias=production",
        ),
        Shot("automation", "An automation and its messages", _automation()),
        Shot("delivered", "A message that was delivered", _delivery("delivered")),
        Shot("failed", "A message that waits for its next attempt", _delivery("pending")),
        Shot("members", "The members of an organization", f"{HOME}members"),
        Shot("member", "A member", f"{HOME}members/of/tomas"),
        Shot("invitations", "Invitations", f"{HOME}invitations"),
        Shot("teams", "Teams", f"{HOME}teams"),
        Shot("team", "A team and its service accounts", TEAM),
        Shot("service-account", "A service account", f"{TEAM}/service-accounts/nightly-evaluation"),
        Shot("storage", "What an organization stores", f"{HOME}storage"),
        Shot("account", "One’s own account and API keys", "/settings"),
        Shot(
            "account-menu",
            "The menu of the account",
            HOME,
            do=lambda page: page.get_by_label("Account: mira").click(),
        ),
        Shot("sign-in-and-sessions", "Ways to sign in, and sessions", "/settings/sign-in"),
        Shot(
            "not-found", "What does not exist, or is not shared", f"{HOME}registry/Nothing", "ines"
        ),
        Shot("refused", "What somebody may see and not do", f"{REGISTRY}/link", "ines"),
    ]
