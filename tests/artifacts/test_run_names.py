"""What runs and their files may be called."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid
from artifacts.run_names import valid_display_name, valid_run_file_name, valid_run_name


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
