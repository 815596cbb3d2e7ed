from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from accounts.errors import Conflict
from automations.encryption import decrypt, encrypt
from automations.models import Integration, Secret


def test_what_is_encrypted_comes_back_and_looks_like_nothing(settings):
    settings.WAYMARK_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    ciphertext = encrypt("a secret")
    assert "secret" not in ciphertext
    assert encrypt("a secret") != ciphertext
    assert decrypt(ciphertext) == "a secret"
    assert (encrypt(""), decrypt("")) == ("", "")


def test_keys_are_replaced_without_losing_a_secret(webhook, settings, capsys):
    old, new = settings.WAYMARK_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    before = decrypt(Secret.objects.get(name="CI_TOKEN").ciphertext)
    settings.WAYMARK_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_encryption_keys")
    count = Secret.objects.count() + Integration.objects.count()
    assert capsys.readouterr().out.startswith(f"{count} secrets and integrations")
    settings.WAYMARK_ENCRYPTION_KEYS = [new]
    assert decrypt(Secret.objects.get(name="CI_TOKEN").ciphertext) == before
    settings.WAYMARK_ENCRYPTION_KEYS = [old]
    with pytest.raises(Conflict, match="a key this server no longer has"):
        decrypt(Secret.objects.get(name="CI_TOKEN").ciphertext)


def test_without_the_key_of_a_secret_none_is_brought_under_the_first(webhook, settings):
    before = list(Secret.objects.order_by("pk").values_list("ciphertext", flat=True))
    settings.WAYMARK_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(
        CommandError, match=r"a key this server no longer has.* Nothing was changed\.$"
    ):
        call_command("rotate_encryption_keys")
    assert list(Secret.objects.order_by("pk").values_list("ciphertext", flat=True)) == before
