from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from artifacts.models import StorageQuota


def test_the_largest_quota_there_is_is_set(organization):
    call_command("set_quota", organization.name, "--bytes", str(2**63 - 1))
    assert StorageQuota.objects.get().most_bytes == 2**63 - 1


@pytest.mark.parametrize("amount", [-1, 2**63, 10**20])
@pytest.mark.parametrize("option", ["--bytes", "--files"])
def test_a_quota_no_database_keeps_is_one_clear_sentence(organization, option, amount):
    with pytest.raises(CommandError, match=r"A quota is .*\.$"):
        call_command("set_quota", organization.name, f"{option}={amount}")
    assert not StorageQuota.objects.exists()
