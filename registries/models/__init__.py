"""What is always true of registries, collections, versions, aliases and their history."""

from registries.models.collections import Alias, Collection, CollectionTag, Version
from registries.models.events import SOURCE_PROJECT, Event
from registries.models.registries import (
    REGISTRY_PROJECT_PREFIX,
    AcceptedType,
    ProtectedAlias,
    Registry,
    RegistryPersonRole,
    RegistryTeamRole,
)

__all__ = [
    "REGISTRY_PROJECT_PREFIX",
    "SOURCE_PROJECT",
    "AcceptedType",
    "Alias",
    "Collection",
    "CollectionTag",
    "Event",
    "ProtectedAlias",
    "Registry",
    "RegistryPersonRole",
    "RegistryTeamRole",
    "Version",
]
