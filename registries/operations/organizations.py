"""An organization as people get it: with its core registries."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from accounts.callers import Caller, Operator
from accounts.models import Organization
from accounts.operations import organizations
from registries.operations.registries import create_core_registries


@transaction.atomic
def create_organization(
    by: Caller | Operator, name: str, *, with_core_registries: bool = True
) -> Organization:
    """The organization with Model and Dataset, unless the operator says no here or for all."""
    organization = organizations.create_organization(by, name)
    if with_core_registries and settings.WAYMARK_CORE_REGISTRIES:
        create_core_registries(by, organization)
    return organization
