from __future__ import annotations

import base64

import pytest

from automations.signing import new_signing_secret, signature_headers


def test_the_vector_of_standard_webhooks():
    headers = signature_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "base64",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_the_other_signatures_are_of_the_body_by_the_letters_of_the_secret(encoding):
    """The example of GitHub’s documentation."""
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret, body = "It's a Secret to Everybody", b"Hello, World!"
    headers = signature_headers([secret], encoding, "m", 1, body)
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    found = headers["X-Wandb-Signature"]
    assert (base64.b64decode(found).hex() if encoding == "base64" else found) == expected


def test_a_new_secret_holds_32_random_bytes():
    first, second = new_signing_secret(), new_signing_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
