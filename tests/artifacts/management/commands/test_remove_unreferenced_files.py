from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command


def test_what_went_is_counted(db, capsys):
    call_command("remove_unreferenced_files", "--hours", "876000")
    assert capsys.readouterr().out.startswith("Removed 0 files (0 bytes), 0 strays and 0 uploads")


@pytest.mark.parametrize("hours", ["-1", "0", "876001", "99999999999", "-99999999999"])
def test_a_time_that_is_none_is_one_clear_sentence(db, hours):
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("remove_unreferenced_files", f"--hours={hours}")
