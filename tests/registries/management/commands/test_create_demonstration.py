from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from registries.models import Registry
from tests.refusals import nothing_changes


@pytest.mark.django_db
def test_the_demonstration_is_made_once_and_whole():
    output = io.StringIO()
    call_command("create_demonstration", stdout=output)
    assert output.getvalue() == "Created the demonstration organization smle-reg.\n"
    assert Registry.objects.filter(organization__entity__name="smle-reg").count() == 2
    with nothing_changes(), pytest.raises(CommandError, match="taken"):
        call_command("create_demonstration", stdout=output)
