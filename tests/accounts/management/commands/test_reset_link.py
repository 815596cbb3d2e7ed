from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.people import deactivate_user


def test_the_link_leads_to_a_new_password(viewer, capsys):
    call_command("reset_link", "VIEWER")
    path = capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")
    page = Client().get(path, follow=True)
    assert b"New password again" in page.content


def test_whoever_is_nobody_or_shut_out_gets_none(viewer):
    deactivate_user(OPERATOR, viewer)
    for name in ("nobody", "viewer"):
        with pytest.raises(CommandError, match=r"\.$"):
            call_command("reset_link", name)
