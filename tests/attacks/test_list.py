"""`docs/attacks.md` names tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


def test_every_attack_of_the_document_has_the_test_it_names():
    rows = Path("docs/attacks.md").read_text().splitlines()
    attacks = [row for row in rows if row.startswith("| ") and not row.startswith("| attack")]
    assert len(attacks) > 50
    for row in attacks:
        named = NAMED.findall(row)
        assert named, row
        for path, name in named:
            assert name in _tests_of(Path("tests") / path), f"{path}::{name}"


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
