"""What a role may do in a registry. The one table: `docs/permissions.md` is checked against it."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(IntEnum):
    """Ordered: the highest of several counts. NONE does not see the registry."""

    NONE = 0
    RESTRICTED_VIEWER = 1
    VIEWER = 2
    MEMBER = 3
    ADMIN = 4

    @property
    def codename(self) -> str:
        """As guardian keeps it and the SDK writes it: `restricted_viewer`."""
        return self.name.lower()

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").title()

    @classmethod
    def from_codename(cls, codename: str) -> Role:
        """ValueError for anything that cannot be granted."""
        for role in GRANTABLE:
            if role.codename == codename:
                return role
        raise ValueError(codename)


GRANTABLE = (Role.RESTRICTED_VIEWER, Role.VIEWER, Role.MEMBER, Role.ADMIN)


class Right(StrEnum):
    """A row of the table of rights, in its order; the text completes “Only … can”."""

    SEE = "see the registry, its collections, versions, members, settings and history"
    DOWNLOAD = "use and download artifacts and open files"
    CREATE_COLLECTION = "create a collection"
    LINK = "link a version"
    EDIT_COLLECTION = "edit a collection’s name, description and tags"
    EDIT_VERSION = "edit a version’s description, tags and metadata"
    CHANGE_CUSTOM_ALIAS = "add, move or remove a custom alias"
    UNLINK = "unlink a version"
    DELETE_COLLECTION = "delete a collection"
    EDIT_AUTOMATION = "create, edit and delete automations"
    PROTECT = "protect alias names"
    CHANGE_PROTECTED_ALIAS = "add, move or remove a protected alias"
    EDIT_PROTECTED_VERSION = "edit a version that carries a protected alias"
    UNLINK_PROTECTED = "unlink a version that carries a protected alias"
    RENAME_PROTECTED_COLLECTION = "rename a collection that holds a protected alias"
    DELETE_PROTECTED_COLLECTION = "delete a collection that holds a protected alias"
    EDIT_REGISTRY = "edit the registry’s name, description, types, default role and visibility"
    MANAGE_MEMBERS = "manage members and roles"
    DELETE_REGISTRY = "delete the registry"


LOWEST_ROLE: dict[Right, Role] = {
    Right.SEE: Role.RESTRICTED_VIEWER,
    Right.DOWNLOAD: Role.VIEWER,
    Right.CREATE_COLLECTION: Role.MEMBER,
    Right.LINK: Role.MEMBER,
    Right.EDIT_COLLECTION: Role.MEMBER,
    Right.EDIT_VERSION: Role.MEMBER,
    Right.CHANGE_CUSTOM_ALIAS: Role.MEMBER,
    Right.UNLINK: Role.MEMBER,
    Right.DELETE_COLLECTION: Role.MEMBER,
    Right.EDIT_AUTOMATION: Role.MEMBER,
    Right.PROTECT: Role.ADMIN,
    Right.CHANGE_PROTECTED_ALIAS: Role.ADMIN,
    Right.EDIT_PROTECTED_VERSION: Role.ADMIN,
    Right.UNLINK_PROTECTED: Role.ADMIN,
    Right.RENAME_PROTECTED_COLLECTION: Role.ADMIN,
    Right.DELETE_PROTECTED_COLLECTION: Role.ADMIN,
    Right.EDIT_REGISTRY: Role.ADMIN,
    Right.MANAGE_MEMBERS: Role.ADMIN,
    Right.DELETE_REGISTRY: Role.ADMIN,
}

WHO_HAS: dict[Role, str] = {
    Role.RESTRICTED_VIEWER: "people with access",
    Role.VIEWER: "viewers, members and admins",
    Role.MEMBER: "members and admins",
    Role.ADMIN: "admins",
}
