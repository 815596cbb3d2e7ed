"""Names that look the same because nobody sees where they differ are not given."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid
from artifacts.invisible_characters import invisible_in, refuse_invisible
from artifacts.names import valid_tags

UNSEEN = [
    *"\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\ufff0\ufff8\U0001d159",
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *"\U000e0000\U000e0100\U000e01ef\U000e0fff",
]
EMOJI = [
    "🐻\u200d❄\ufe0f",
    "1\ufe0f\u20e3",
    "❤\ufe0f",
    "☎\ufe0e",
    "‼\ufe0f",
    "ℹ\ufe0f done",
    "↔\ufe0f",
]


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_no_new_name_has_a_character_that_nobody_sees(sign):
    for name in (f"production{sign}", f"{sign}production", f"pro{sign}duction", f"生产{sign}"):
        with pytest.raises(Invalid) as refusal:
            refuse_invisible(name, "new alias", "alias")
        assert f"this has U+{ord(sign):04X}." in refusal.value.sentence
        with pytest.raises(Invalid) as refusal:
            valid_tags([name])
        assert refusal.value.field == "tag"


@pytest.mark.parametrize("name", [*EMOJI, "zoo", "größe", "數據", "می\u200cخواهم", "e\u0301"])
def test_emoji_and_letters_of_all_scripts_are_seen(name):
    assert invisible_in(name) == ""


@pytest.mark.parametrize("name", ["❤\ufe0f\ufe0f", "1\ufe0f", "a\ufe0f", "\ufe0f❤", "❤\ufe01"])
def test_what_shapes_no_emoji_is_not_seen(name):
    assert invisible_in(name).startswith("U+FE0")
