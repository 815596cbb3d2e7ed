"""The icon of an event in a history. Written here and not as a component: lists have hundreds."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from registries.icons import icon

register = template.Library()

ICONS = {
    "alias.moved": "arrow",
    "alias.added": "plus",
    "alias.removed": "x",
    "alias.protected": "lock",
    "alias.unprotected": "lock",
    "version.linked": "link",
    "version.unlinked": "unlink",
    "tag.added": "tag",
    "tag.removed": "tag",
    "member.role_set": "shield",
    "member.removed": "shield",
    "collection.created": "plus",
    "registry.created": "plus",
    "collection.deleted": "x",
    "registry.deleted": "x",
    "project.deleted": "x",
    "run.deleted": "x",
}


@register.simple_tag
def event_icon(kind: str) -> SafeString:
    return icon(ICONS.get(kind, "edit"))
