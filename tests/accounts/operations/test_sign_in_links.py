from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.callers import OPERATOR
from accounts.errors import Invalid, NotAllowed
from accounts.models import SignInLink
from accounts.operations.people import deactivate_user
from accounts.operations.sign_in_links import create_sign_in_link, use_sign_in_link
from tests.personas import caller_of
from tests.refusals import refused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_link_signs_one_person_in_once(viewer):
    token = create_sign_in_link(OPERATOR, viewer)
    assert use_sign_in_link(token) == viewer
    with refused(Invalid, "sign_in_link"):
        use_sign_in_link(token)


def test_only_the_digest_of_a_link_is_kept(viewer):
    token = create_sign_in_link(OPERATOR, viewer)
    assert len(token) >= 43
    assert token not in str(list(SignInLink.objects.values()))


def test_a_link_is_good_for_24_hours(viewer):
    with time_machine.travel(NOON, tick=False):
        early, late = (create_sign_in_link(OPERATOR, viewer) for _ in range(2))
    with time_machine.travel(NOON + timedelta(hours=24, seconds=-1), tick=False):
        assert use_sign_in_link(early) == viewer
    with (
        time_machine.travel(NOON + timedelta(hours=24), tick=False),
        refused(Invalid, "sign_in_link"),
    ):
        use_sign_in_link(late)


def test_every_bad_link_gets_the_same_answer(viewer, outsider):
    used, of_nobody = create_sign_in_link(OPERATOR, viewer), "unknown"
    use_sign_in_link(used)
    of_the_deactivated = create_sign_in_link(OPERATOR, outsider)
    deactivate_user(OPERATOR, outsider)
    sentences = set()
    for token in (used, of_nobody, of_the_deactivated, ""):
        with refused(Invalid, "sign_in_link") as refusal:
            use_sign_in_link(token)
        sentences.add(refusal.value.sentence)
    assert len(sentences) == 1


def test_nobody_but_the_operator_hands_out_links(org_admin, viewer):
    for user in (org_admin, viewer):
        with refused(NotAllowed):
            create_sign_in_link(caller_of(user), viewer)  # type: ignore[arg-type]


def test_service_accounts_and_deactivated_people_get_no_link(service_account, viewer):
    deactivate_user(OPERATOR, viewer)
    for user in (service_account, viewer):
        with refused(Invalid, "cannot_sign_in"):
            create_sign_in_link(OPERATOR, user)


@pytest.mark.parametrize("count", [2])
def test_one_link_does_not_spend_another(viewer, count):
    tokens = [create_sign_in_link(OPERATOR, viewer) for _ in range(count)]
    assert [use_sign_in_link(token) for token in tokens] == [viewer] * count
