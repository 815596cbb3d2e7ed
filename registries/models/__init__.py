"""What is always true of registries, collections, versions, aliases and their history."""

from registries.models.collections import Alias, Collection, CollectionTag, Version
from registries.models.events import Event
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
