"""A kept request as a command: what a shell reads is what was sent."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from standardwebhooks.webhooks import Webhook

from automations.curl import curl_of
from automations.models import DeliveryAttempt
from tests.automations.working import deliver
from tests.things import put


def test_every_argument_survives_the_shell():
    body = '{"name": "it\'s $HOME `x` \\"y\\"\\nz"}'
    attempt = DeliveryAttempt(
        number=1,
        request_url="http://ci.invalid/a?b=c&d=e",
        request_headers={"webhook-id": "msg_1", "Authorization": "••••••••", "Content-Length": "3"},
        request_body=body,
    )
    words = shlex.split(curl_of(attempt, attempt.request_url).replace("\\\n", ""))
    assert words == [
        "curl",
        "-X",
        "POST",
        "http://ci.invalid/a?b=c&d=e",
        "-H",
        "webhook-id: msg_1",
        "-H",
        "Authorization: ••••••••",
        "--data-binary",
        body,
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_what_curl_sends_verifies_like_the_message_itself(
    version, automation, member, receiver, signing_value
):
    put(member, version, "candidate")
    deliver()
    attempt = DeliveryAttempt.objects.get()
    subprocess.run(["sh", "-c", curl_of(attempt, attempt.request_url)], check=True)
    sent, again = receiver.got
    assert again.body == sent.body
    Webhook(signing_value).verify(again.body, again.headers)
    assert set(again.headers) == set(sent.headers)
