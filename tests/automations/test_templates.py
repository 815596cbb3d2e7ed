from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import Invalid
from automations.templates import VARIABLES, filled_in, valid_template

TEMPLATE = """{
  "event_type": "${event_type}",
  "client_payload": {"alias": "${alias}", "list": ["${tag}", 3, null, true]}
}"""


def test_a_template_is_filled_in():
    text = valid_template(TEMPLATE)
    body = json.loads(filled_in(text, {"event_type": "LINK_ARTIFACT", "alias": "production"}))
    assert body == {
        "event_type": "LINK_ARTIFACT",
        "client_payload": {"alias": "production", "list": ["", 3, None, True]},
    }


@given(st.text())
def test_no_value_ends_a_string_or_adds_a_key(value):
    body = json.loads(filled_in(TEMPLATE, {"alias": value}))
    assert set(body) == {"event_type", "client_payload"}
    assert body["client_payload"]["alias"] == value


def test_what_comes_in_is_not_read_as_a_template_again():
    body = json.loads(filled_in(TEMPLATE, {"alias": "${tag}", "tag": "x"}))
    assert body["client_payload"]["alias"] == "${tag}"


def test_every_variable_and_granted_secrets_are_known():
    names = [*VARIABLES, "artifact_metadata.rows.count", "ACCESS_TOKEN", "CI_TOKEN"]
    text = json.dumps({name: f"${{{name}}}" for name in names})
    assert valid_template(text, {"ACCESS_TOKEN", "CI_TOKEN"}) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n  "a": "${nonsense}"\n}', "Line 2, column 9: there is no variable ${nonsense}."),
        ('{"a": "${ACCESS_TOKEN}"}', "Line 1, column 8: there is no variable ${ACCESS_TOKEN}."),
        ('{\n "a": }', "Line 2, column 7: this is not JSON (expecting value)."),
        ('{"a": ${alias}}', "Line 1, column 7: this is not JSON (expecting value). Put variables"),
        ("[1]", "must be a JSON object"),
        ('{"a": 1, "a": 2}', "“a” stands twice"),
        ('{"${alias}": 1}', "cannot be the name of a value"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": "\\u0024{nonsense}"}', "There is no variable ${nonsense}."),
        ('{"a": "' + "x" * 20_000 + '"}', "more than 20 kB"),
        ("[" * 100_000, "more than 20 kB"),
        ("[" * 9_000, "nested too deeply"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}", "nested more than 100 levels deep."),
        ('{"a": ' + "[" * 600 + "]" * 600 + "}", "nested"),
        ('{"a": 1e999}', "Infinity"),
        ('{"a": ' + "9" * 5_000 + "}", "too many digits"),
        ('{"a": "\\ud800"}', "broken characters"),
        ('{"a": "${}"}', "there is no variable ${}."),
    ],
)
def test_a_bad_template_is_refused_with_its_place(text, says):
    with pytest.raises(Invalid) as refusal:
        valid_template(text)
    assert says in refusal.value.sentence
    assert refusal.value.field == "template"
