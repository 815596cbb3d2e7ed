from __future__ import annotations

import base64

import pytest

from automations.masking import MASK, Mask

SECRET = 'pass"word/é+1'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        'pass\\"word/é+1',
        'pass\\"word/\\u00e9+1',
        "pass%22word%2F%C3%A9%2B1",
        "pass%22word/%C3%A9%2B1",
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_masked_in_every_form_it_may_come_back_in(form):
    assert Mask([SECRET])(f"before {form} after") == f"before {MASK} after"


def test_a_cut_that_ends_inside_a_secret_shows_none_of_it():
    mask = Mask(["canary-of-the-ci"])
    assert mask.cut("answer: canary-of-th", 4_096) == f"answer: {MASK}"
    assert mask.cut("answer: can", 4_096) == "answer: can"
    assert mask.cut("x" * 4_090 + "canary-of-the-ci", 4_096) == "x" * 4_090 + MASK[:6]


def test_nothing_is_masked_for_nobody():
    assert Mask(["", ""])("text") == "text"


def test_a_cut_is_masked_by_the_longest_beginning_there_is():
    assert Mask(["abababab-secret"]).cut("x abababab", 100) == f"x {MASK}"
    assert Mask(["zzzz-one", "one-more-secret"]).cut("a zzzz-one-m", 100) == f"a {MASK}-m"
    long = "y" * 4_096
    text = "z" * 1_900
    assert Mask([long]).cut(text + long[:1_900], 4_096) == text + MASK
    assert Mask([long]).cut(text + "y" * 3, 4_096) == text + "yyy"
