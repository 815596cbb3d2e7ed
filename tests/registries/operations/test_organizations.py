from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid, NotAllowed
from registries.operations.organizations import create_organization
from tests.personas import caller_of
from tests.refusals import refused


@pytest.mark.django_db
def test_an_organization_starts_with_its_core_registries():
    organization = create_organization(OPERATOR, "new")
    assert {registry.name for registry in organization.registries.all()} == {"Model", "Dataset"}


@pytest.mark.django_db
@pytest.mark.parametrize("for_all", [True, False])
def test_unless_the_operator_says_no_here_or_for_all(settings, for_all):
    settings.WAYMARK_CORE_REGISTRIES = for_all
    organization = create_organization(OPERATOR, "new", with_core_registries=not for_all)
    assert organization.registries.count() == 0


def test_only_the_operator_makes_organizations(personas):
    for user in personas.values():
        with refused(NotAllowed):
            create_organization(caller_of(user), "mine")  # type: ignore[arg-type]


def test_a_bad_or_taken_name_makes_none_of_it(organization):
    with refused(Conflict, "entity_name_taken"):
        create_organization(OPERATOR, "SMLE-REG")
    with refused(Invalid, "entity_name"):
        create_organization(OPERATOR, "no spaces")
    with refused(Invalid, "entity_name") as refusal:
        create_organization(OPERATOR, "")
    assert refusal.value.sentence.startswith("Type a name. Use 1 to 64 letters")
