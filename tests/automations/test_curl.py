"""A kept request as a command: what a shell reads is what was sent."""

from __future__ import annotations

import shlex

from automations.curl import curl_of
from automations.models import DeliveryAttempt


def test_every_argument_survives_the_shell():
    body = '{"name": "it\'s $HOME `x` \\"y\\"\\nz"}'
    attempt = DeliveryAttempt(
        number=1,
        request_url="http://ci.invalid/a?b=c&d=e",
        request_headers={"webhook-id": "msg_1", "Authorization": "••••••••", "Content-Length": "3"},
        request_body=body,
    )
    words = shlex.split(curl_of(attempt).replace("\\\n", ""))
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
