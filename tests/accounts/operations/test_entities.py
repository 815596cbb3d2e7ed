from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Conflict, Invalid
from accounts.models import Entity
from accounts.operations.entities import claim_entity
from accounts.operations.people import create_user
from accounts.operations.teams import create_team
from registries.operations.organizations import create_organization
from tests.refusals import refused


def test_people_teams_and_organizations_share_one_namespace_without_case(organization, team):
    create_user(OPERATOR, "mira")
    for name in ("Mira", "SMLE-REG", "smle-reg-team-2"):
        with refused(Conflict, "entity_name_taken"):
            create_user(OPERATOR, name)
        with refused(Conflict, "entity_name_taken"):
            create_organization(OPERATOR, name)
        with refused(Conflict, "entity_name_taken"):
            create_team(OPERATOR, organization, name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "graphql"])
def test_a_bad_name_claims_nothing(name):
    with refused(Invalid):
        claim_entity(name, Entity.Kind.PERSON)


@pytest.mark.django_db
def test_the_spelling_given_is_the_spelling_kept():
    assert claim_entity("Smle.Reg", Entity.Kind.TEAM).name == "Smle.Reg"
