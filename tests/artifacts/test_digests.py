from __future__ import annotations

from artifacts.digests import artifact_digest, base64_of_hex


def test_a_manifest_carries_the_base64_of_the_raw_md5():
    assert base64_of_hex("d41d8cd98f00b204e9800998ecf8427e") == "1B2M2Y8AsgTpgAmY7PhCfg=="


def test_an_artifacts_digest_is_the_one_the_sdk_computes():
    """Computed with md5sum over the lines the SDK hashes, not with our code."""
    entries = [
        ("z.txt", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("a/b.txt", "rL0Y20zC+Fzt72VPzMSk2A=="),
    ]
    assert artifact_digest(entries) == "6f1861c4c33d91b41729a37d4157b32c"
    assert artifact_digest([]) == "64e7c61456b10382e2f3b571ac24b659"


def test_the_order_in_which_files_are_given_does_not_matter_their_names_and_bytes_do():
    one, other = ("a", "1B2M2Y8AsgTpgAmY7PhCfg=="), ("b", "XUFAKrxLKna5cZ2REBfFkg==")
    assert artifact_digest([one, other]) == artifact_digest([other, one])
    swapped = [("a", other[1]), ("b", one[1])]
    assert len({artifact_digest(entries) for entries in ([one, other], swapped, [one])}) == 3
