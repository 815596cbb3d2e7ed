"""Filters: JSON as a tree that is no larger than a page holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django import template

register = template.Library()

DEEPEST = 12
MOST_NODES = 2000
LONGEST_NAME, LONGEST_VALUE = 200, 1000
TOO_DEEP = "nested deeper than a page shows"


@dataclass
class Node:
    """`text` of a value; or `words` for what is nested, and the nodes in it."""

    name: str
    text: str = ""
    words: str = ""
    nodes: list[Node] = field(default_factory=list)


@register.filter
def tree(values: dict[str, Any] | list[Any]) -> list[Node]:
    """What does not fit any more is told of in the last node."""
    left = iter(range(MOST_NODES))
    return _nodes(_items(values), left, 1)


def _nodes(items: Iterable[tuple[Any, Any]], left: Iterator[int], depth: int) -> list[Node]:
    nodes: list[Node] = []
    for name, value in items:
        if next(left, None) is None:
            return [*nodes, Node("…", text="more than a page shows")]
        nodes.append(_node(_cut(str(name), LONGEST_NAME), value, left, depth))
    return nodes


def _node(name: str, value: Any, left: Iterator[int], depth: int) -> Node:
    if not isinstance(value, dict | list) or not value or depth >= DEEPEST:
        return Node(name, text=_written(value))
    one, many = ("name", "names") if isinstance(value, dict) else ("item", "items")
    words = f"{len(value)} {one if len(value) == 1 else many}"
    return Node(name, words=words, nodes=_nodes(_items(value), left, depth + 1))


def _items(value: dict[str, Any] | list[Any]) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _written(value: Any) -> str:
    """JSON on one line, cut where a page would drown in it."""
    pieces = json.JSONEncoder(ensure_ascii=False).iterencode(value)
    try:
        text = "".join(islice(pieces, LONGEST_VALUE))
    except RecursionError:
        return TOO_DEEP
    return _cut(text, LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
