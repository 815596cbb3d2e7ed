from __future__ import annotations

import unicodedata

import pytest

from accounts.errors import Invalid
from registries.names import (
    custom_alias,
    is_number_to_sdk,
    is_version_number,
    valid_accepted_type,
    valid_alias,
    valid_aliases,
    valid_collection_name,
    valid_registry_name,
)


@pytest.mark.parametrize(
    "name", ["Model", "Zoo Models", "x" * 113, "größe", "模型", "a.b-c_d", "a&b"]
)
def test_a_registry_may_be_called_so(name):
    assert valid_registry_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 114,
        "a/b",
        "a\\b",
        "a#b",
        "a?b",
        "a%b",
        "a:b",
        "a\nb",
        "a\rb",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\x00b",
        "a\u202eb",
        " a",
        "a ",
        "\u00a0a",
        "..",
    ],
)
def test_a_registry_may_not_be_called_so(name):
    with pytest.raises(Invalid) as refusal:
        valid_registry_name(name)
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", ["Zoo_Classifier_Models", "x" * 128, "a b", "a#b?c%d\\e", "Ω"])
def test_a_collection_may_be_called_so(name):
    assert valid_collection_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name", ["", "x" * 129, "a/b", "a:b", "a\tb", "a\x00", "a\u2028", "a\u200b", " a", "a ", "."]
)
def test_a_collection_may_not_be_called_so(name):
    with pytest.raises(Invalid) as refusal:
        valid_collection_name(name)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "x" * 128,
        "production",
        "best model",
        "a#?%\\&<>\"'",
        "v",
        "v1.0",
        "v1a",
        "version1",
        "1",
        "ひかり",
        "latest-2",
        "<script>alert(1)</script>".replace("/", ""),
    ],
)
def test_an_alias_is_1_to_128_characters_of_nearly_any_kind(name):
    assert valid_alias(name) == name
    assert custom_alias(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "alias_empty"),
        ("x" * 129, "alias_length"),
        ("a/b", "alias_characters"),
        ("a:b", "alias_characters"),
        ("a\x00b", "alias_characters"),
        ("a\nb", "alias_characters"),
        ("a\x7fb", "alias_characters"),
        ("a\x85b", "alias_characters"),
        ("pro\u202enoitcud", "alias_characters"),
        ("pro\u200bduction", "alias_characters"),
        ("production\ufeff", "alias_characters"),
        ("a\u2028b", "alias_characters"),
        ("a\u2029b", "alias_characters"),
        ("a\ud800", "alias_characters"),
        (" a", "alias_form"),
        ("a ", "alias_form"),
        ("\u3000a", "alias_form"),
        ("a\u00a0", "alias_form"),
        (".", "alias_form"),
        ("..", "alias_form"),
    ],
)
def test_anything_else_is_no_alias(name, code):
    with pytest.raises(Invalid) as refusal:
        valid_alias(name)
    assert (refusal.value.code, refusal.value.field) == (code, "alias")


def test_the_length_is_counted_in_the_composed_form():
    assert len(valid_alias("e\u0301" * 128)) == 128
    with pytest.raises(Invalid):
        valid_alias("e\u0301" * 129)


def test_an_alias_is_kept_composed_and_case_sensitive():
    assert valid_alias("cafe\u0301") == "caf\u00e9"
    assert valid_aliases(["Best", "best", "Best", "BEST"]) == ["Best", "best", "BEST"]
    assert valid_aliases(["cafe\u0301", "caf\u00e9"]) == ["caf\u00e9"]


@pytest.mark.parametrize(
    "name", ["v0", "v12", "V1", "ｖ１", "Ｖ１", "v１", "v²", "v①", "v" + "9" * 127, "v01"]
)
def test_what_anybody_reads_as_a_number_is_no_custom_alias(name):
    assert is_version_number(name)
    with pytest.raises(Invalid) as refusal:
        custom_alias(valid_alias(name))
    assert refusal.value.code == "alias_is_number"


@pytest.mark.parametrize(
    "name",
    [
        *["v四", "v一二", "v٣", "v½", "vⅣ", "v१२", "v㊃", "v1\u0661"],
        *["V四", "V½", "ｖ四", "v\u200c四"],
    ],
)
def test_what_the_sdk_takes_for_a_number_is_no_custom_alias_and_no_number_here(name):
    assert is_number_to_sdk(valid_alias(name))
    assert not is_version_number(name)
    with pytest.raises(Invalid) as refusal:
        custom_alias(valid_alias(name))
    assert refusal.value.code == "alias_is_number"


@pytest.mark.parametrize("name", ["v", "v1.0", "v-1", "1", "xv1", "v1 beta", "四", "v四月", "év四"])
def test_what_only_resembles_a_number_may_be_one(name):
    assert not is_version_number(name)
    assert not is_number_to_sdk(name)
    assert custom_alias(name) == name


@pytest.mark.parametrize("name", ["Latest", "LATEST", "ｌａｔｅｓｔ", "lateſt", "ʟatest", "latest"])
def test_twins_of_latest_are_no_custom_alias(name):
    if name in {"latest", "ʟatest"}:
        assert custom_alias(name) == name
        return
    with pytest.raises(Invalid) as refusal:
        custom_alias(name)
    assert refusal.value.code == "alias_like_latest"


@pytest.mark.parametrize("name", ["wandb-history", "wandb-", "job", "code", "run_table"])
def test_a_type_the_sdk_keeps_for_itself_is_not_chosen(name):
    with pytest.raises(Invalid) as refusal:
        valid_accepted_type(name)
    assert (refusal.value.code, refusal.value.field) == ("type_reserved", "type")


@pytest.mark.parametrize("name", ["dataset", "model", "Job", "jobs", "my-wandb-type", "x" * 128])
def test_any_other_type_may_be_chosen(name):
    assert valid_accepted_type(name) == name


@pytest.mark.parametrize("name", ["", "x" * 129, "a/b", "a:b"])
def test_a_malformed_type_is_not_chosen(name):
    with pytest.raises(Invalid):
        valid_accepted_type(name)
