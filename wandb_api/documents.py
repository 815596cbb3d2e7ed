"""From the text of a query to a plan that may be executed, kept for the next time.

Limits are judged on the parsed document with its fragments unfolded, before anything runs.
The operations of the SDK itself are the positive set (`tests/sdk/`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)

from wandb_api.execution.documents import Document
from wandb_api.schema import SCHEMA

MOST_TOKENS = 5_000
DEEPEST = 15
MOST_ALIASED_FIELDS = 50
MOST_FIELDS = 2_000
# As an escape in a text of the query; the request's own are looked for before.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")


@lru_cache(maxsize=512)
def plan(text: str) -> Document | tuple[GraphQLError, ...]:
    """The document, ready to be executed, or what is wrong with it."""
    if NUL.search(text):
        return (GraphQLError("A query contains no NUL character."),)
    try:
        document = parse(text, max_tokens=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        return (error,)
    try:
        _Measure(document).judge()
    except GraphQLError as error:
        return (error,)
    return tuple(validate(SCHEMA, document, max_errors=5)) or Document(SCHEMA, document)


class _Measure:
    """Counts fields, aliased fields and depth of each operation, fragments unfolded."""

    def __init__(self, document: DocumentNode) -> None:
        self._definitions = document.definitions
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._fields = 0
        self._aliased = 0

    def judge(self) -> None:
        for definition in self._definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._fields = self._aliased = 0
                self._walk(definition.selection_set, 1, ())

    def _walk(self, selections: SelectionSetNode, depth: int, within: tuple[str, ...]) -> None:
        if depth > DEEPEST:
            raise GraphQLError(f"The query is deeper than {DEEPEST} levels.")
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._count(node)
                if node.selection_set:
                    self._walk(node.selection_set, depth + 1, within)
            elif isinstance(node, FragmentSpreadNode):
                self._unfold(node.name.value, depth, within)
            else:
                self._walk(node.selection_set, depth, within)  # type: ignore[attr-defined]

    def _unfold(self, name: str, depth: int, within: tuple[str, ...]) -> None:
        """Unknown fragments and circles are the validator's to tell."""
        fragment = self._fragments.get(name)
        if fragment is not None and name not in within:
            self._walk(fragment.selection_set, depth, (*within, name))

    def _count(self, node: FieldNode) -> None:
        self._fields += 1
        self._aliased += node.alias is not None
        if self._aliased > MOST_ALIASED_FIELDS or self._fields > MOST_FIELDS:
            raise GraphQLError("The query asks for too many fields at once.")
