from __future__ import annotations

import pytest

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound, RegistryError


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound(), 404),
        (NotAllowed("Only admins can."), 403),
        (Invalid("name", "Too long."), 422),
        (Conflict("taken", "Taken."), 409),
    ],
)
def test_every_refusal_has_the_status_of_its_kind_and_one_family(refusal, status):
    assert isinstance(refusal, RegistryError)
    assert refusal.status == status


def test_what_is_not_found_says_the_same_whatever_it_was():
    assert NotFound().sentence == NotFound().sentence
    assert NotFound().code == "not_found"
    with pytest.raises(TypeError):
        NotFound("collection 17")  # type: ignore[call-arg]


def test_a_refusal_knows_the_field_its_sentence_belongs_beside():
    assert Invalid("alias_empty", "Type a name.", field="alias").field == "alias"
    assert NotAllowed("Only admins can.").field is None
    assert str(Invalid("alias_empty", "Type a name.")) == "Type a name."
