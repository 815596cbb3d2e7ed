from __future__ import annotations

import re

import pytest

from accounts.errors import Invalid
from artifacts.names import (
    has_control_character,
    is_storable,
    plain_name,
    valid_description,
    valid_json,
    valid_metadata,
    valid_project_name,
    valid_tags,
    valid_type,
)

DEEP: list = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize("name", ["zoo_experiment", "a", "x" * 128, "Zoo Experiment", "zoë"])
def test_a_project_may_be_called_so(name):
    assert valid_project_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 129,
        "a/b",
        "a\\b",
        "a#b",
        "a?b",
        "a%b",
        "a:b",
        "a\nb",
        "a\u2028b",
        "a\x00b",
        " a",
        "a ",
        ".",
        "..",
        "wandb-registry-Model",
        "Wandb-Registry-Model",
        "ｗａｎｄｂ－ｒｅｇｉｓｔｒｙ－x",
    ],
)
def test_a_project_may_not_be_called_so(name):
    with pytest.raises(Invalid) as refusal:
        valid_project_name(name)
    assert refusal.value.field == "name"


def test_names_are_kept_composed():
    assert valid_project_name("cafe\u0301") == "caf\u00e9"
    assert len(valid_project_name("e\u0301" * 128)) == 128


@pytest.mark.parametrize("name", ["dataset", "model", "job", "code", "run_table", "wandb-history"])
def test_types_the_sdk_makes_by_itself_are_accepted_when_logged(name):
    assert valid_type(name) == name


@pytest.mark.parametrize("name", ["", "x" * 129, "a/b", "a:b", "a\tb", " a", "a\u202eb"])
def test_a_type_has_1_to_128_plain_characters(name):
    with pytest.raises(Invalid) as refusal:
        valid_type(name)
    assert refusal.value.field == "type"


@pytest.mark.parametrize(
    "name", ["a", "7 classes", "a-b_c", "x" * 128, "two  spaces", "тег", "数据"]
)
def test_letters_digits_dashes_underscores_and_inner_spaces_make_a_tag(name):
    assert valid_tags([name]) == [name]


@pytest.mark.parametrize(
    "name", ["", " a", "a ", "a/b", "a:b", "a.b", "a\nb", "a\n", "x" * 129, "a\u202eb", "<b>"]
)
def test_anything_else_is_no_tag(name):
    with pytest.raises(Invalid) as refusal:
        valid_tags(["good", name])
    assert refusal.value.field == "tag"


def test_duplicate_tags_collapse_before_they_are_counted():
    assert valid_tags(["b", "a", "b"]) == ["b", "a"]
    assert valid_tags(["same"] * 50) == ["same"]
    assert len(valid_tags(f"t{n}" for n in range(20))) == 20
    with pytest.raises(Invalid) as refusal:
        valid_tags(f"t{n}" for n in range(21))
    assert refusal.value.code == "too_many_tags"


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {str(n): n for n in range(100)},
        {"deep": {str(n): n for n in range(1000)}},
        {"a": [1, 2.5, None, True, "x"]},
        {"text": "\\u0000 as people write it"},
        {"emoji": "🦓"},
    ],
)
def test_metadata_is_any_json_object_with_up_to_100_keys_on_top(metadata):
    assert valid_metadata(metadata) == metadata


@pytest.mark.parametrize(
    "metadata",
    [
        {str(n): n for n in range(101)},
        {"a": float("nan")},
        {"a": [float("inf")]},
        {"a": {"b": float("-inf")}},
        {"a": "\x00"},
        {"a\x00": 1},
        {"a": "\\\x00"},
        {"a": "\ud800"},
        {"\udfff": 1},
        {"a": {1, 2}},
        {"a": DEEP},
        [],
        None,
        "text",
        7,
    ],
)
def test_what_a_database_could_not_keep_is_no_metadata(metadata):
    with pytest.raises(Invalid) as refusal:
        valid_metadata(metadata)
    assert refusal.value.field == "metadata"


def test_json_of_a_run_may_have_more_keys():
    assert len(valid_json({str(n): n for n in range(500)}, "config")) == 500
    with pytest.raises(Invalid) as refusal:
        valid_json({"a": float("nan")}, "config")
    assert refusal.value.field == "config"


@pytest.mark.parametrize(
    "text", [None, "", "# Card\n\nlines", "x" * 100_000, "\u202e kept as text"]
)
def test_a_description_comes_back_as_given_null_and_empty_kept_apart(text):
    assert valid_description(text) is text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 100_001])
def test_a_description_no_database_could_keep_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        valid_description(text)
    assert refusal.value.field == "description"


@pytest.mark.parametrize(
    "hidden",
    ["\x00", "\x1b", "\x7f", "\u200b", "\u202e", "\u2066", "\u2028", "\u2029", "\ufeff", "\u00ad"],
)
def test_characters_that_hide_are_found(hidden):
    assert has_control_character(f"a{hidden}b")
    assert not has_control_character("a b-ü-数-🦓")


WITH_JOINERS = ["می\u200cخواهم", "क्\u200dष", "\N{WOMAN}\u200d\N{MICROSCOPE}", "GPU\u200cها"]


@pytest.mark.parametrize("text", WITH_JOINERS)
def test_letters_and_signs_that_are_joined_hide_nothing(text):
    assert not has_control_character(text)


@pytest.mark.parametrize("text", ["pro\u200dd", "ه\u200c", "\u200dه", "ه\u200c\u200cه", "ه\u200d "])
def test_a_joiner_that_joins_nothing_hides(text):
    assert has_control_character(text)


def test_halves_of_characters_cannot_be_stored():
    assert is_storable("🦓")
    assert not is_storable("\ud83e")


def test_a_plain_name_names_what_it_is_and_its_limit():
    with pytest.raises(Invalid, match=r"A thing has 1 to 3 characters\."):
        plain_name("abcd", "thing", 3, re.compile("/"), "/")
