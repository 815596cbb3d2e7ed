from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from tests.refusals import nothing_changes

pytestmark = pytest.mark.django_db


def create_organization(*options):
    output = io.StringIO()
    call_command("create_organization", *options, stdout=output)
    return output.getvalue()


def test_an_organization_comes_with_its_core_registries():
    assert create_organization("smle-reg") == "Created organization smle-reg.\n"
    names = Organization.objects.get().registries.values_list("name", flat=True)
    assert sorted(names) == ["Dataset", "Model"]


def test_or_without_them():
    create_organization("smle-reg", "--without-core-registries")
    assert not Organization.objects.get().registries.exists()


@pytest.mark.parametrize("name", ["SMLE-REG", "a b", "admin", ""])
def test_a_taken_or_bad_name_is_told_in_a_sentence(organization, name):
    with nothing_changes(), pytest.raises(CommandError, match=r"\.$"):
        create_organization(name)
