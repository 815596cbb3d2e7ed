"""Every page by its name, what stands in its address, and how many queries it costs an admin."""

from __future__ import annotations

from django.urls import reverse

from registries.models import Event
from tests.architecture.automation_pages import AUTOMATION_PAGES, ids_for

LINK = "?team=smle-reg-team-2&project=zoo_experiment&artifact=zoo_dataset&version=v1"

ORGANIZATION = {"organization": "smle-reg"}
TEAM = ORGANIZATION | {"team": "smle-reg-team-2"}
REGISTRY = ORGANIZATION | {"registry": "Model"}
COLLECTION = REGISTRY | {"collection": "Zoo_Classifier_Models"}
VERSION = COLLECTION | {"number": 1}
PROJECT = {"entity": "smle-reg-team-2", "project": "zoo_experiment"}
RUN = PROJECT | {"run": "brisk-heron"}
SEQUENCE = PROJECT | {"collection": "zoo_dataset"}
PORTFOLIO = PROJECT | {"collection": "picks"}
PRINTED = {"type": "dataset", "collection": "zoo_dataset"}
LOGGED = SEQUENCE | {"number": 1}

# The admin is in the team; below, the pages of its project.
PROJECT_PAGES: dict[tuple[str, str], tuple[dict[str, str | int], int]] = {
    ("storage", ""): (ORGANIZATION, 6),
    ("storage", "?filter=team&sort=name"): (ORGANIZATION, 6),
    ("projects", ""): ({}, 6),
    ("projects", "?filter=zoo&owner=smle-reg-team-2&sort=name"): ({}, 6),
    ("create-project", ""): ({}, 4),
    ("project", ""): (PROJECT, 10),
    ("project", "?filter=o&type=dataset&sort=newest"): (PROJECT, 9),
    ("project-history", ""): (PROJECT, 10),
    ("export-project-history", ""): (PROJECT, 6),
    ("delete-project", ""): (PROJECT, 11),
    ("upload", ""): (PROJECT, 6),
    ("runs", ""): (PROJECT, 8),
    ("runs", "?filter=r&state=running&sort=name"): (PROJECT, 8),
    ("run", ""): (RUN, 12),
    ("run", "?file=out&sort=size"): (RUN, 12),
    ("download-run-file", ""): (RUN | {"file": "output.log"}, 6),
    ("project-create-collection", ""): (PROJECT, 5),
    ("project-link-version-anywhere", ""): (PROJECT, 9),
    ("project-collection", ""): (SEQUENCE, 11),
    ("project-collection", "?filter=zoo"): (SEQUENCE, 11),
    ("project-collection-history", ""): (SEQUENCE, 11),
    ("project-export-collection-history", ""): (SEQUENCE, 7),
    ("project-put-back", ""): (SEQUENCE | {"event": "{logged_change}"}, 7),
    ("project-delete-collection", ""): (PORTFOLIO, 8),
    ("project-link-version", ""): (PORTFOLIO, 10),
    ("project-alias", ""): (SEQUENCE | {"alias": "latest"}, 6),
    ("project-version", ""): (LOGGED, 12),
    ("project-version", "?edit=metadata"): (LOGGED, 12),
    ("project-alias-options", "?name=o"): (LOGGED, 8),
    ("project-confirm-alias", "?alias=fresh"): (LOGGED, 9),
    ("project-unlink-version", ""): (PORTFOLIO | {"number": 0}, 8),
    ("project-view-file", ""): (LOGGED | {"file": "zoo.csv"}, 9),
    ("project-lineage", ""): (LOGGED, 12),
    ("project-download-file", ""): (LOGGED | {"file": "zoo.csv"}, 8),
    ("delete-version", ""): (LOGGED, 12),
    ("delete-artifact", ""): (SEQUENCE, 10),
    ("sdk-entity", ""): ({"entity": "smle-reg-team-2"}, 3),
    ("sdk-project", ""): (PROJECT | {"page": "workspace"}, 4),
    ("sdk-run", ""): (RUN | {"page": "overview"}, 5),
    ("sdk-collection", ""): (PROJECT | PRINTED, 5),
    ("sdk-version", ""): (PROJECT | PRINTED | {"reference": "v1"}, 5),
    ("sdk-registry", ""): ({"entity": "smle-reg", "registry": "model"}, 3),
    ("sdk-home", ""): ({"entity": "smle-reg", "registry": "Model"}, 3),
}

# Page and the rest of its address → what stands in the address, queries for an admin.
PAGES: dict[tuple[str, str], tuple[dict[str, str | int], int]] = {
    ("start", ""): ({}, 3),
    ("account", ""): ({}, 7),
    ("account", "?key=key&key-sort=ends"): ({}, 7),
    ("mfa_index", ""): ({}, 6),
    ("create-organization", ""): ({}, 3),
    ("members", ""): (ORGANIZATION, 5),
    ("members", "?filter=some&role=member&sort=newest&page=2"): (ORGANIZATION, 5),
    ("member", ""): (ORGANIZATION | {"name": "member"}, 5),
    ("invitations", ""): (ORGANIZATION, 7),
    ("invitations", "?role=member&sort=ends"): (ORGANIZATION, 7),
    ("teams", ""): (ORGANIZATION, 4),
    ("teams", "?filter=team&sort=people"): (ORGANIZATION, 4),
    ("team", ""): (TEAM, 7),
    ("team", "?filter=e&role=member&sort=role"): (TEAM, 7),
    ("team", "?account=robot&account-sort=keys"): (TEAM, 7),
    ("service-account", ""): (TEAM | {"account": "robot"}, 9),
    ("service-account", "?key=key&key-sort=used"): (TEAM | {"account": "robot"}, 9),
    ("delete-organization", ""): (ORGANIZATION, 4),
    ("delete-team", ""): (TEAM, 6),
    ("home", ""): (ORGANIZATION, 8),
    ("home", "?filter=r&sort=changed"): (ORGANIZATION, 8),
    ("search", ""): (ORGANIZATION, 3),
    ("search", "?q=zoo"): (ORGANIZATION, 11),
    ("search", "?q=o"): (ORGANIZATION, 11),
    ("search", "?q=Zoo_Classifier_Models:latest"): (ORGANIZATION, 11),
    ("search", "?q=production&kind=aliases"): (ORGANIZATION, 7),
    ("search", "?q=zoo&kind=collections"): (ORGANIZATION, 6),
    ("search-preview", "?q=pro"): (ORGANIZATION, 11),
    ("search-preview", "?q=Zoo_Classifier_Models:v1"): (ORGANIZATION, 11),
    ("create-registry", ""): (ORGANIZATION, 4),
    ("registry", ""): (REGISTRY, 10),
    ("registry", "?filter=o&type=dataset&sort=newest"): (REGISTRY, 10),
    ("registry-history", ""): (REGISTRY, 9),
    ("registry-history", "?alias=cand&person=member&kind=alias"): (REGISTRY, 10),
    ("export-registry-history", "?format=json"): (REGISTRY, 6),
    ("create-collection", ""): (REGISTRY, 5),
    ("link-version-anywhere", ""): (REGISTRY, 9),
    ("link-version-anywhere", LINK): (REGISTRY, 10),
    ("settings", ""): (REGISTRY, 10),
    ("settings", "?filter=e&role=viewer&sort=role"): (REGISTRY, 10),
    ("delete-registry", ""): (ORGANIZATION | {"registry": "Registry 1"}, 6),
    ("collection", ""): (COLLECTION, 11),
    ("collection", "?filter=zoo"): (COLLECTION, 11),
    ("collection", "?sort=oldest"): (COLLECTION, 11),
    ("collection-history", ""): (COLLECTION, 11),
    ("collection-history", "?kind=alias"): (COLLECTION, 11),
    ("collection-history", "?alias=cand"): (COLLECTION, 12),
    ("collection-history", "?page=2&since=2020-01-01"): (COLLECTION, 10),
    ("export-collection-history", ""): (COLLECTION, 7),
    ("put-back", ""): (COLLECTION | {"event": "{change}"}, 7),
    ("delete-collection", ""): (COLLECTION, 8),
    ("link-version", ""): (COLLECTION, 10),
    ("link-version", LINK): (COLLECTION, 10),
    ("alias", ""): (COLLECTION | {"alias": "latest"}, 6),
    ("version", ""): (VERSION, 11),
    ("version", "?edit=metadata"): (VERSION, 11),
    ("version", "?file=zoo"): (VERSION, 11),
    ("version", "?sort=size"): (VERSION, 11),
    ("alias-options", "?name="): (VERSION, 9),
    ("alias-options", "?name=o"): (VERSION, 9),
    ("confirm-alias", "?alias=production"): (VERSION, 9),
    ("unlink-version", ""): (VERSION, 8),
    ("view-file", ""): (VERSION | {"file": "zoo.csv"}, 9),
    ("lineage", ""): (VERSION, 12),
    ("download-file", ""): (VERSION | {"file": "zoo.csv"}, 8),
    **PROJECT_PAGES,
    **AUTOMATION_PAGES,
}


def address_of(page: tuple[str, str]) -> str:
    """Of one of PAGES, in what `furnished` has made."""
    name, query = page
    return reverse(name, kwargs=filled(PAGES[page][0])) + query


def filled(at: dict[str, str | int]) -> dict[str, str | int]:
    """With the numbers of what has no name."""
    if "event" not in at:
        return at | ids_for(at)
    alias = "picked" if "project" in at else "production"
    changes = Event.objects.filter(alias=alias, collection__name=at["collection"])
    return at | {"event": changes.latest("pk").pk}
