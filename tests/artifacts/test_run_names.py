"""What runs and their files may be called."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid
from artifacts.run_names import (
    tags_to_keep,
    valid_display_name,
    valid_run_file_name,
    valid_run_name,
    valid_run_tags,
)


@pytest.mark.parametrize("name", [None, "", "brisk-heron-1", "x" * 128])
def test_a_run_may_be_shown_so(name):
    assert valid_display_name(name) is name


@pytest.mark.parametrize("name", ["x" * 129, "a\x00"])
def test_a_run_may_not_be_shown_so(name):
    with pytest.raises(Invalid):
        valid_display_name(name)


@pytest.mark.parametrize("name", ["", "a/b", "a?b", "x" * 129, ".."])
def test_a_runs_id_stands_in_addresses(name):
    assert valid_run_name("4f2k9x1b") == "4f2k9x1b"
    with pytest.raises(Invalid):
        valid_run_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "s3%2Fkey.txt",
        "media/html/val%2Floss_0.html",
        "a\\b.txt",
        "\N{WOMAN}\u200d\N{MICROSCOPE}.txt",
        "\u200fשלום.txt",
        "2024-01-01T00:00:00.csv",
        "...",
        "x" * 1024,
    ],
)
def test_a_run_may_call_a_file_so(name):
    assert valid_run_file_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", "/etc/passwd", "a//b", "a/", ".", "..", "../x", "a/./b", "a/../../x"),
        *("..\\x", "a\\..\\..\\x", "\\x", "\\\\server\\share", "C:x", "C:\\x"),
        *("a\x00b", "a\nb", "a\u2028b", "photo\u202egpj.exe", "\ud800", "x" * 1025),
    ],
)
def test_a_file_of_a_run_that_leads_elsewhere_or_is_no_text_is_refused(name):
    with pytest.raises(Invalid):
        valid_run_file_name(name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["main\n", "base\tline", "a\u200bb"], ["main", "base line", "ab"]),
        (["main", "main\n", "\n", ""], ["main"]),
        (["x" * 65, "x" * 63 + "\u200b"], ["x" * 64, "x" * 63]),
        (["\N{WOMAN}\u200d\N{MICROSCOPE}", " a "], ["\N{WOMAN}\u200d\N{MICROSCOPE}", " a "]),
        (["x" * 63 + "\N{WOMAN}\u200d\N{MICROSCOPE}"], ["x" * 63 + "\N{WOMAN}"]),
        ([str(number) for number in range(101)], [str(number) for number in range(100)]),
    ],
)
def test_of_the_tags_of_a_script_what_can_be_kept_is_kept(given, kept):
    assert tags_to_keep(given) == valid_run_tags(kept) == kept
