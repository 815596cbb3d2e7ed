"""What a team takes is counted once for each content, and ends at the quota."""

from __future__ import annotations

import pytest

from accounts.callers import OPERATOR
from accounts.errors import Full
from artifacts.models import StorageUse
from artifacts.operations.storage_use import count_again, set_quota
from registries.operations.sources import delete_source
from tests.personas import caller_of
from tests.things import log


def taken(team):
    use = StorageUse.objects.get(entity=team.entity)
    return use.bytes, use.files


def test_a_content_counts_once_until_nothing_refers_to_it(project, member, team):
    first, second = log(member, project, "x" * 100), log(member, project, "y" * 50)
    twin = log(member, project, "x" * 100, name="other")
    assert taken(team) == (150, 2)
    delete_source(caller_of(member), first, delete_aliases=True)
    assert taken(team) == (150, 2)
    delete_source(caller_of(member), twin, delete_aliases=True)
    assert taken(team) == (50, 1)
    count_again(OPERATOR, team.entity)
    assert taken(team) == (50, 1)
    assert second.artifact.size == 50


def test_what_is_over_the_quota_is_refused_and_changes_nothing(project, member, team, organization):
    log(member, project, "x" * 100)
    set_quota(OPERATOR, organization.entity, most_bytes=110, most_files=None)
    with pytest.raises(Full, match="may store 110 bytes and has 100"):
        log(member, project, "z" * 11)
    assert taken(team) == (100, 1)
    log(member, project, "z" * 10)
    assert taken(team) == (110, 2)
