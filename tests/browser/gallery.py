"""Every page and many a state of it, for `make screenshots`: who looks where, and does what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.callers import OPERATOR
from accounts.models import Organization
from accounts.operations.invitations import invite
from artifacts.models import Run
from automations.models import Automation, Delivery
from registries.models import Registry
from tests.browser.gallery_scene import LONG_NAME
from tests.browser.screens import COLLECTION, HOME, REGISTRY, SETTINGS, add_alias, plus, question

if TYPE_CHECKING:
    from playwright.sync_api import Page

V1, V2 = f"{COLLECTION}/versions/v1", f"{COLLECTION}/versions/v2"
PROJECT = "/smle-reg-team-2/zoo_experiment"
SEQUENCE = f"{PROJECT}/collections/zoo_dataset"
TEAM = f"{HOME}teams/smle-reg-team-2"
INTEGRATIONS = "/automations/integrations/smle-reg"


@dataclass(frozen=True)
class Shot:
    """`who` looks, "" is nobody; `do` brings the page into the state that is shown."""

    name: str
    title: str
    address: str
    who: str = "mira"
    do: Callable[[Page], None] = lambda page: None


def _automation() -> str:
    return f"/automations/{Automation.objects.get(name='Deploy production').pk}"


def _delivery(state: str) -> str:
    return f"/automations/deliveries/{Delivery.objects.filter(state=state).earliest('pk').pk}"


def _type_an_alias(page: Page) -> None:
    plus(page).click()
    page.get_by_label("Add an alias to v1").press_sequentially("prod")
    known = page.get_by_role("list", name="Known in Model").get_by_role("button")
    known.filter(has_text="production").first.wait_for()
    known.filter(has_text="baseline").wait_for(state="detached")


def _ask_about_production(page: Page) -> None:
    add_alias(page, "production")
    question(page, "Move “production” to v1?")


def _refuse_an_alias(page: Page) -> None:
    add_alias(page, "a/b")
    page.locator("#new-alias-error").wait_for()


def _link_as_production(page: Page) -> None:
    page.locator("textarea[name=aliases]").fill("production")
    page.get_by_role("button", name="Link version").click()
    page.get_by_role("dialog").wait_for()


def _click(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).click()


def _add_access(page: Page) -> None:
    page.locator("summary", has_text="Add access").click()


def _type_in_search(page: Page) -> None:
    page.get_by_role("searchbox").press_sequentially("prod")
    page.get_by_role("search").get_by_role("link").first.wait_for()


def shots() -> list[Shot]:
    """Every page, in the order of `docs/ui.md`. Called when `furnish` is done."""
    run = Run.objects.get(name="train0042")
    _, token = invite(OPERATOR, Organization.objects.get(), email="ada@example.org")
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
        Shot(
            "confirm-link",
            "Before a link moves a protected alias",
            f"{COLLECTION}/link?team=smle-reg-team-2&project=zoo_experiment&artifact=zoo_dataset&version=v1",
            do=_link_as_production,
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
            INTEGRATIONS,
        ),
        Shot("create-webhook", "A new webhook", f"{INTEGRATIONS}/webhooks/new"),
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
        Shot("team-by-role", "The members of a team of one role", f"{TEAM}?role=member"),
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
        Shot("edit-card", "Writing the card of a collection", f"{COLLECTION}?edit=card"),
        Shot("edit-metadata", "Changing the metadata of a version", f"{V2}?edit=metadata"),
        Shot("delete-collection", "Before a collection is deleted", f"{COLLECTION}/delete"),
        Shot("add-access", "Add access", SETTINGS, do=_add_access),
        Shot("create-project", "A new project", "/projects/new"),
        Shot("project-history", "The history of a project", f"{PROJECT}/history"),
        Shot("delete-artifact", "Before an artifact is deleted", f"{SEQUENCE}/delete-artifact"),
        Shot("delete-project", "Before a project is deleted", f"{PROJECT}/delete-project"),
        Shot("create-slack", "A new Slack channel", f"{INTEGRATIONS}/slack/new"),
        Shot("messages", "The messages of a registry", f"{REGISTRY}/messages"),
        Shot(
            "deleted-registries",
            "Messages of deleted registries and projects",
            f"{HOME}messages",
        ),
        Shot("notes", "What automations could not do", "/automations/notes"),
        Shot("edit-automation", "Changing an automation", f"{_automation()}/edit"),
        Shot("delete-automation", "Before an automation is deleted", f"{_automation()}/delete"),
        Shot("create-organization", "A new organization", "/settings/organizations/new"),
        Shot("delete-organization", "Before an organization is deleted", f"{HOME}delete"),
        Shot("delete-team", "Before a team is deleted", f"{TEAM}/delete"),
        Shot("invitation", "An invitation that is opened", f"/accounts/invitation/{token}", ""),
        Shot("forgotten", "A forgotten password", "/accounts/password/reset/", ""),
        Shot("spent-link", "A link that is used or too old", "/accounts/password/reset/1/x/", ""),
        Shot("first-password", "Choosing a password", "/accounts/password/first/"),
        Shot("sign-out", "Signing out", "/accounts/logout/"),
        Shot("authorize", "A key for a script that asks for one", "/authorize"),
        Shot(
            "not-found", "What does not exist, or is not shared", f"{HOME}registry/Nothing", "ines"
        ),
        Shot("refused", "What somebody may see and not do", f"{REGISTRY}/link", "ines"),
    ]
