"""The table of rights: as `docs/permissions.md` tells it, as `roles.py` holds it, as it works."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from automations.operations import automations
from registries.effective_roles import effective_role_in
from registries.models import Registry
from registries.operations import (
    aliases,
    collections,
    edits,
    members,
    protected_aliases,
    registries,
    versions,
)
from registries.operations.registries import edit_registry
from registries.roles import GRANTABLE, LOWEST_ROLE, Right, Role
from registries.visibility import registries_downloadable_by, registries_visible_to
from tests.access.automation_table import AUTOMATIONS
from tests.access.operation_table import SETTINGS
from tests.access.registry_table import ALIASES, COLLECTIONS, VERSIONS
from tests.personas import caller_of

PERSONA_OF = {
    Role.RESTRICTED_VIEWER: "restricted_viewer",
    Role.VIEWER: "viewer",
    Role.MEMBER: "member",
    Role.ADMIN: "admin",
}
# The rows of the tables of operations that show a right; those of SEE and DOWNLOAD are below.
SHOWN_BY = {
    Right.CREATE_COLLECTION: [(collections.create_collection, "one")],
    Right.LINK: [
        (versions.link_version, "what is in no registry"),
        (versions.link_version, "what is in the registry"),
    ],
    Right.EDIT_COLLECTION: [(collections.edit_collection, "name, description and tags")],
    Right.EDIT_VERSION: [(edits.edit_version, "free")],
    Right.CHANGE_CUSTOM_ALIAS: [
        (aliases.add_aliases, "a custom one, new"),
        (aliases.add_aliases, "a custom one and latest, moved"),
        (aliases.remove_aliases, "a custom one"),
        (aliases.remove_aliases, "latest"),
    ],
    Right.UNLINK: [(versions.unlink_version, "free")],
    Right.DELETE_COLLECTION: [(collections.delete_collection, "without protected aliases")],
    Right.EDIT_AUTOMATION: [
        (automations.create_automation, "on a registry, with a webhook of the organization"),
        (automations.edit_automation, "of a collection"),
        (automations.delete_automation, "of a registry"),
    ],
    Right.PROTECT: [
        (protected_aliases.protect_aliases, "a name"),
        (protected_aliases.unprotect_alias, "a name"),
    ],
    Right.CHANGE_PROTECTED_ALIAS: [
        (aliases.add_aliases, "a protected one, new"),
        (aliases.add_aliases, "a protected one, moved"),
        (aliases.remove_aliases, "a protected one"),
        (versions.link_version, "with a protected alias"),
    ],
    Right.EDIT_PROTECTED_VERSION: [(edits.edit_version, "protected")],
    Right.UNLINK_PROTECTED: [(versions.unlink_version, "protected")],
    Right.RENAME_PROTECTED_COLLECTION: [
        (collections.edit_collection, "the name of one with a protected alias")
    ],
    Right.DELETE_PROTECTED_COLLECTION: [(collections.delete_collection, "with a protected alias")],
    Right.EDIT_REGISTRY: [
        (registries.edit_registry, "default role"),
        (registries.edit_registry, "name and visibility"),
        (registries.accept_types, "a list"),
    ],
    Right.MANAGE_MEMBERS: [
        (members.add_member, "somebody"),
        (members.set_role, "a team"),
        (members.set_roles, "a team"),
        (members.remove_member, "a team"),
    ],
    Right.DELETE_REGISTRY: [(registries.delete_registry, "another")],
}
TABLES = [*SETTINGS, *COLLECTIONS, *VERSIONS, *ALIASES, *AUTOMATIONS]
ROWS = {(row.operation, row.what): row for row in TABLES}


def table_below(heading: str, number: int = 0) -> list[list[str]]:
    """Cells of a table of the document, the header first, without the line of dashes."""
    text = Path(settings.BASE_DIR, "docs", "permissions.md").read_text()
    part = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    tables = [block for block in part.strip().split("\n\n") if block.startswith("|")]
    lines = tables[number].strip().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


def test_the_document_has_a_column_for_every_role_and_a_row_for_every_right_in_order():
    header, *rows = table_below("What a role may do in a registry")
    assert header[1:] == [role.label for role in GRANTABLE]
    assert [row[0] for row in rows] == [right.value for right in Right]


def test_the_document_says_cell_by_cell_what_roles_py_says():
    _, *rows = table_below("What a role may do in a registry")
    told = {
        (row[0], role): cell for row in rows for role, cell in zip(GRANTABLE, row[1:], strict=True)
    }
    held = {
        (right.value, role): "✓" if role >= lowest else ""
        for right, lowest in LOWEST_ROLE.items()
        for role in GRANTABLE
    }
    assert told == held


@pytest.mark.parametrize("right", SHOWN_BY)
def test_the_operations_do_what_roles_py_says(right):
    """What the rows expect is itself tried by `test_operations`."""
    for key in SHOWN_BY[right]:
        expected = ROWS[key].expected()
        done = {role for role, persona in PERSONA_OF.items() if expected[persona] == "✓"}
        assert done == {role for role in GRANTABLE if role >= LOWEST_ROLE[right]}, key[1]


def test_every_right_is_shown_by_an_operation_or_a_page():
    shown_elsewhere = {Right.SEE, Right.DOWNLOAD}
    assert set(SHOWN_BY) | shown_elsewhere == set(Right)


def test_seeing_and_downloading_are_as_roles_py_says(registry, personas):
    for role, persona in PERSONA_OF.items():
        user = personas[persona]
        assert effective_role_in(user, registry).role == role
        seen = registry in registries_visible_to(user)
        opened = registry in registries_downloadable_by(user)
        assert seen == (role >= LOWEST_ROLE[Right.SEE])
        assert opened == (role >= LOWEST_ROLE[Right.DOWNLOAD])


@pytest.mark.parametrize("default", [Role.RESTRICTED_VIEWER, Role.VIEWER, Role.MEMBER])
def test_the_document_says_who_gets_which_role_without_a_grant(
    registry, restricted_registry, org_admin, viewer, org_viewer, outsider, default
):
    edit_registry(caller_of(org_admin), registry, default_role=default.codename)
    words = {
        "Admin": Role.ADMIN,
        "the default role": default,
        "the default role, at most Viewer": min(default, Role.VIEWER),
        "not found": Role.NONE,
    }
    people = {"admin": org_admin, "member": viewer, "viewer": org_viewer, "not in it": outsider}
    _, *rows = table_below("The role of a person in a registry", 1)
    assert {row[0] for row in rows} == set(people)
    for in_the_organization, visible, restricted in rows:
        user = people[in_the_organization]
        found = [
            effective_role_in(user, Registry.objects.get(pk=home.pk)).role
            for home in (registry, restricted_registry)
        ]
        assert found == [words[visible], words[restricted]]
