from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.callers import OPERATOR
from accounts.operations.people import deactivate_user
from tests.refusals import nothing_changes


def sign_in_link(name):
    output = io.StringIO()
    call_command("sign_in_link", name, stdout=output)
    return output.getvalue().strip()


@pytest.mark.parametrize("base", ["", "https://waymark.example.org"])
def test_the_link_signs_its_person_in_once(viewer, settings, base):
    settings.WAYMARK_BASE_URL, settings.WAYMARK_LOCAL_URL = base, "http://127.0.0.1:8712"
    link = sign_in_link("VIEWER")
    assert link.startswith(base or "http://127.0.0.1:8712/")
    path = "/sign-in/" + link.rsplit("/sign-in/")[1]
    client, second = Client(), Client()
    assert client.get(path).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(path).status_code == 302
    assert client.session["_auth_user_id"] == str(viewer.pk)
    assert second.post(path).status_code == 422
    assert "_auth_user_id" not in second.session


def test_nobody_unknown_deactivated_or_a_script_gets_a_link(viewer, service_account):
    deactivate_user(OPERATOR, viewer)
    for name in ("unknown", viewer.username, service_account.username):
        with nothing_changes(), pytest.raises(CommandError, match=r"\.$"):
            sign_in_link(name)
