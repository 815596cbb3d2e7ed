"""Limits of a document: what is too deep, too wide or too long never runs."""

from __future__ import annotations

import pytest

from wandb_api.documents import DEEPEST, MOST_ALIASED_FIELDS, MOST_FIELDS, MOST_TOKENS, plan
from wandb_api.execution.documents import Document


def nested(levels: int) -> str:
    """viewer → organizations → orgEntity → organization → orgEntity …"""
    fields = ["viewer", "organizations"] + ["orgEntity", "organization"] * levels
    inner = "{ ".join(fields[: levels - 1])
    return "{ " + inner + " { id }" + " }" * (levels - 1)


def refused(text: str) -> str:
    found = plan(text)
    assert isinstance(found, tuple)
    return found[0].message


def test_a_document_may_be_as_deep_as_the_limit():
    assert isinstance(plan(nested(DEEPEST)), Document)


def test_a_deeper_one_is_refused():
    assert refused(nested(DEEPEST + 1)) == f"The query is deeper than {DEEPEST} levels."


def test_depth_counts_what_fragments_hide():
    query = """
    { viewer { organizations { ...One } } }
    fragment One on Organization { orgEntity { organization { ...Two } } }
    fragment Two on Organization { orgEntity { organization { ...Three } } }
    fragment Three on Organization { orgEntity { organization { ...Four } } }
    fragment Four on Organization { orgEntity { organization { ...Five } } }
    fragment Five on Organization { orgEntity { organization { ...Six } } }
    fragment Six on Organization { orgEntity { organization { orgEntity { id } } } }
    """
    assert "deeper" in refused(query)


def test_depth_looks_into_inline_fragments():
    within = nested(DEEPEST).replace("{ organizations", "{ ... on User { organizations", 1) + " }"
    assert isinstance(plan(within), Document)
    beyond = nested(DEEPEST + 1).replace("{ organizations", "{ ... { organizations", 1) + " }"
    assert "deeper" in refused(beyond)


def test_aliased_fields_are_counted():
    def many(number: int) -> str:
        return "{ " + " ".join(f"a{index}: viewer {{ id }}" for index in range(number)) + " }"

    assert isinstance(plan(many(MOST_ALIASED_FIELDS)), Document)
    assert refused(many(MOST_ALIASED_FIELDS + 1)) == "The query asks for too many fields at once."


def test_fields_that_fragments_multiply_are_counted_as_often_as_they_run():
    query = "{ viewer { ...A } } fragment A on User { " + "id " * 10 + "}"
    for name, before in zip("BCDEF", "ABCDE", strict=True):
        query += f" fragment {name} on User {{ " + f"...{before} " * 10 + "}"
    query = query.replace("{ viewer { ...A } }", "{ viewer { ...F } }")
    assert query.count("id") < MOST_FIELDS
    assert refused(query) == "The query asks for too many fields at once."


def test_tokens_are_counted_while_reading():
    assert "token" in refused("{ " + "viewer { id } " * MOST_TOKENS + "}").lower()


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { ...A } } fragment A on User { ...A }",
        "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        "{ viewer { ...Nobody } }",
        "{ viewer { id } } fragment Unused on User { id }",
        "{ viewer(id: 1) { id } }",
        "query Q($a: Nothing) { viewer { id } }",
        "query Q($a: Int) { viewer { id } }",
        "{ viewer }",
        "{ viewer { id { id } } }",
        "mutation M { addAliases { success } }",
    ],
)
def test_what_the_schema_does_not_know_is_told(query):
    assert refused(query)


def test_a_field_of_another_server_is_named_in_the_refusal():
    query = 'query Sweep { project(name: "p") { sweep(sweepName: "s") { id } } }'
    assert "Cannot query field 'sweep' on type 'Project'." in refused(query)


def test_a_plan_is_made_once():
    assert plan("{ viewer { id } }") is plan("{ viewer { id } }")


def test_introspection_is_bounded_like_everything_else():
    inner = "ofType { " * 20 + "name" + " }" * 20
    assert "deeper" in refused("{ __schema { types { fields { type { " + inner + " } } } } }")


@pytest.mark.parametrize("escape", ["\\u0000", "\\u{0}", "\\u{0000}", "\\\\\\u0000"])
def test_no_text_in_a_document_has_a_nul(escape):
    query = '{ project(name: "p%s", entityName: "e") { id } }'
    assert refused(query % escape) == "A query contains no NUL character."
    assert isinstance(plan(query % ("\\" + escape)), Document)
