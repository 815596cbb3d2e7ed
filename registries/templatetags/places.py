"""Tags: addresses below a place, and of versions and runs elsewhere."""

from __future__ import annotations

from typing import Any

from django import template

from artifacts.models import Run
from registries.models import Version
from registries.web_addresses import run_address, version_address

register = template.Library()


@register.simple_tag
def address_in(place: Any, name: str, *rest: str | int) -> str:
    """`{% address_in place "version" collection.name 3 as address %}`, in a registry or project."""
    return str(place.address(name, *rest))


@register.filter
def page_of_version(version: Version) -> str:
    return version_address(version)


@register.filter
def page_of_run(run: Run) -> str:
    return run_address(run)
