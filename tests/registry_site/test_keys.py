from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from registry_site import keys


def test_a_secret_key_is_made_once_and_kept(tmp_path):
    folder = tmp_path / "data"
    key = keys.secret_key("", folder)
    assert len(key) >= 64
    assert keys.secret_key("", folder) == key


def test_only_the_owner_can_read_the_secret_key(tmp_path):
    folder = tmp_path / "data"
    keys.secret_key("", folder)
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "short", "ab" * 40])
def test_a_kept_secret_key_is_no_easier_to_guess_than_a_given_one(text, tmp_path):
    (tmp_path / "secret_key").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=f"{tmp_path}/secret_key can be guessed"):
        keys.secret_key("", tmp_path)


def test_a_kept_secret_key_that_is_no_text_is_refused_by_its_place(tmp_path):
    (tmp_path / "secret_key").write_bytes(b"\xff" * 64)
    with pytest.raises(ImproperlyConfigured, match=f"{tmp_path}/secret_key is damaged"):
        keys.secret_key("", tmp_path)


def test_a_kept_secret_key_stays_as_it_is(tmp_path):
    text = "of somebody who wrote it by hand, long ago\n"
    (tmp_path / "secret_key").write_text(text)
    assert keys.secret_key("", tmp_path) == text


@pytest.mark.parametrize("text", ["", " \n", "no key of Fernet"])
def test_kept_keys_of_secrets_that_are_none_are_refused_by_their_place(text, tmp_path):
    (tmp_path / "encryption_keys").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=f"{tmp_path}/encryption_keys must hold"):
        keys.encryption_keys(" ", tmp_path)


def test_keys_of_secrets_are_kept_one_beside_the_other(tmp_path):
    first = keys.encryption_keys("", tmp_path / "one")
    second = keys.encryption_keys("", tmp_path / "two")
    (tmp_path / "encryption_keys").write_text("\n".join(first + second))
    assert keys.encryption_keys("", tmp_path) == first + second
    assert keys.encryption_keys(f"{second[0]},", tmp_path) == second


@pytest.mark.parametrize("between", [",", " ", "\n", ", ", " ,\n"])
def test_given_keys_of_secrets_are_divided_as_kept_ones_are(between, tmp_path):
    both = [Fernet.generate_key().decode() for _ in range(2)]
    assert keys.encryption_keys(between.join(both), tmp_path) == both


@pytest.mark.parametrize("rest", ["garbage!!", "=", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])
def test_a_key_of_secrets_with_more_behind_it_is_none(rest, tmp_path):
    key = Fernet.generate_key().decode()
    with pytest.raises(ImproperlyConfigured, match="44 characters each"):
        keys.encryption_keys(key + rest, tmp_path)


def test_starts_at_the_same_time_agree_on_one_secret_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(keys.secret_key, [""] * 64, [tmp_path] * 64))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
