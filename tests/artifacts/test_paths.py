"""File names and entries of manifests, as hostile uploaders write them."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid
from artifacts.names import (
    valid_entry,
    valid_paths,
)


@pytest.mark.parametrize(
    "paths",
    [
        ["a"],
        ["a/b/c.txt", "a/b/d.txt", "a/bc"],
        ["data (1).csv", "ü/ö.txt", "...", "a.b", ".hidden"],
        ["x" * 1024],
        ["100%.txt", "a%20b"],
    ],
)
def test_these_are_paths_of_a_manifest(paths):
    valid_paths(paths)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../x",
        "a/../../x",
        "a/./b",
        ".",
        "..",
        "/etc/passwd",
        "//server/share",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "C:x",
        "c:/windows",
        "C:\\x",
        "%2e%2e/x",
        "%2E%2E/x",
        "a%2fb",
        "a%5Cb",
        "a%00",
        "a\x00b",
        "a\nb",
        "a\r\nb",
        "a\u2028b",
        "photo\u202egpj.exe",
        "a\u2066b",
        "\ud800",
        "x" * 1025,
    ],
)
def test_a_path_that_could_leave_its_folder_or_hide_is_refused(path):
    with pytest.raises(Invalid) as refusal:
        valid_paths(["fine.txt", path])
    assert refusal.value.code == "path_form"
    assert len(refusal.value.sentence) < 300


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("README.md", "readme.md"),
        ("caf\u00e9.txt", "cafe\u0301.txt"),
        ("CAF\u00c9.txt", "cafe\u0301.txt"),
        ("a/ﬁle", "a/file"),
        ("straße", "STRASSE"),
        ("Σ", "ς"),
        ("\u0345a", "ιa"),
        ("ǰ", "J\u030c"),
    ],
)
def test_two_paths_that_some_file_system_takes_for_one_are_refused(one, other):
    with pytest.raises(Invalid) as refusal:
        valid_paths([one, other])
    assert refusal.value.code == "path_twin"


@pytest.mark.parametrize(
    "paths",
    [
        ["km².csv", "km2.csv"],
        ["x①.txt", "x1.txt"],
        ["ＡＢ", "ab"],
        ["می\u200cخواهم", "میخواهم"],
    ],
)
def test_paths_that_merely_look_alike_stand_beside_each_other(paths):
    """Every file system keeps them apart."""
    valid_paths(paths)


@pytest.mark.parametrize(
    ("file", "below"), [("a", "a/b"), ("a/b", "a/b/c/d"), ("A", "a/b"), ("a", "A/b")]
)
def test_a_name_is_not_a_file_and_a_folder_at_once(file, below):
    for paths in ([file, below], [below, file]):
        with pytest.raises(Invalid) as refusal:
            valid_paths(paths)
        assert refusal.value.code == "path_file_and_folder"


@pytest.mark.parametrize(
    "entry",
    [
        {"digest": "a\nb:c"},
        {"digest": "\x00"},
        {"size": -1},
        {"reference": ""},
        {"reference": "s3://\x00"},
        {"reference": "\ud800"},
    ],
)
def test_an_entry_that_could_not_be_kept_or_told_from_another_is_refused(entry):
    sound = {"digest": "1B2M2Y8AsgTpgAmY7PhCfg==", "size": 0, "reference": "s3://bucket/key"}
    valid_entry("a", **sound)
    with pytest.raises(Invalid) as refusal:
        valid_entry("a", **(sound | entry))
    assert refusal.value.code == "entry_form"


def test_a_reference_is_its_own_digest_where_it_has_no_checksum():
    """Signed addresses are long; the limit stands in the refusal, with the file it is about."""
    for length in (1160, 8192):
        valid_entry("a", digest="x" * length, size=0, reference="x" * length)
    with pytest.raises(Invalid) as refusal:
        valid_entry("a", digest="x" * 8193, size=0, reference="x" * 8193)
    assert refusal.value.code == "digest_length"
    assert refusal.value.sentence == (
        "The digest of “a” has 8,193 characters; at most 8,192 are kept. Without a checksum "
        "the address of a reference is its digest."
    )
