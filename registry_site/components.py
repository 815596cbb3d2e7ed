"""Icons of fixed names are written into a template when it is loaded.

A page has dozens of them, and each would be looked up, given its variables and rendered as a
component of its own, with the same few characters as the end of it.
"""

from __future__ import annotations

import re

from django.template.base import Origin
from django_cotton.cotton_loader import Loader as CottonLoader

ICON = re.compile(r'{% cotton icon name="([a-z-]+)"( small)? ?%}{% endcotton %}')


class Loader(CottonLoader):  # type: ignore[misc] # untyped
    """Templates with components; `components/icon.html` tells how an icon looks."""

    def get_contents(self, origin: Origin) -> str:
        return ICON.sub(written_icon, str(super().get_contents(origin)))


def written_icon(icon: re.Match[str]) -> str:
    name, small = icon.groups()
    classes = "icon icon--small" if small else "icon"
    return (
        f'<svg class="{classes}" aria-hidden="true">'
        f"<use href=\"{{% static 'images/icons.svg' %}}#{name}\"/></svg>"
    )
