"""Rows change in operations/ and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules, place, tree

WRITING_FUNCTIONS = {
    "assign_perm",
    "remove_perm",
    "insert_row",
    "update_row",
    "inserting",
    "updating",
    "updating_by_key",
}
WRITING_METHODS = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}

# Rows are updated and deleted by calls without positional arguments; dictionaries, digests and
# caches have methods of the same names that need one.
WRITING_WITHOUT_POSITIONS = {"update", "delete"}

# What may write elsewhere: the line's place without its number, the call, and why.
ALLOWED: dict[tuple[str, str], str] = {
    ("accounts/written_rows.py", "inserting"): "what `insert_row` is made of",
    ("accounts/written_rows.py", "updating"): "what `update_row` is made of",
}


def writes(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Name and line of every call that changes rows, `asave` and the like included."""
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Name(id=name)) if name in WRITING_FUNCTIONS:
                yield name, call.lineno
            case ast.Call(func=ast.Attribute(attr=name)) if is_writing_method(call, name):
                yield name, call.lineno


def is_writing_method(call: ast.Call, name: str) -> bool:
    names = {name, name.removeprefix("a")}
    if names & WRITING_WITHOUT_POSITIONS:
        return not call.args
    return bool(names & (WRITING_METHODS | WRITING_FUNCTIONS))


def writes_outside_operations() -> dict[tuple[str, str], str]:
    """The place of each, by what an entry of the allow-list names."""
    return {
        (place(path), name): place(path, line)
        for path in modules()
        if "operations" not in path.relative_to(ROOT).parts
        for name, line in writes(tree(path))
    }


def test_only_operations_write_rows():
    found = writes_outside_operations()
    refused = [where for entry, where in found.items() if entry not in ALLOWED]
    assert not refused, f"These write rows outside operations/: {', '.join(refused)}"


def test_every_exception_is_still_needed():
    assert set(ALLOWED) <= set(writes_outside_operations())


@pytest.mark.parametrize(
    "source",
    [
        "alias.save()",
        "Alias.objects.create(name=name)",
        "Alias.objects.filter(name=name).update(version=version)",
        "collection.aliases.all().delete()",
        "await alias.adelete()",
        "Alias.objects.bulk_create(rows)",
        "assign_perm('member', user, registry)",
        "user.api_keys.update(revoked_at=now)",
    ],
)
def test_a_write_is_recognized(source):
    assert list(writes(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["context.update(other)", "digest.update(chunk)", "cache.delete(key)", "create(by, name)"],
)
def test_what_writes_no_row_is_let_through(source):
    assert not list(writes(ast.parse(source)))


def test_the_whole_product_is_read():
    packages = {Path(place(path)).parts[0] for path in modules()}
    assert {"registry_site", "registries", "artifacts", "accounts"} <= packages
