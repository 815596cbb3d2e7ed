"""What is the same on every page is written into a template when it is loaded.

A page has dozens of icons of fixed names, and each would be looked up, given its variables and
rendered as a component of its own, with the same few characters as the end of it. So it is with
the addresses of static files.
"""

from __future__ import annotations

import re

from django.template.base import Origin
from django.templatetags.static import static
from django.utils.html import escape
from django_cotton.cotton_loader import Loader as CottonLoader

from registries.icons import icon

STATIC = re.compile(r"{% static '([^']+)' %}")
ICON = re.compile(r'{% cotton icon name="([a-z-]+)"( small)? ?%}{% endcotton %}')


class Loader(CottonLoader):  # type: ignore[misc] # untyped
    """Templates with components; `components/icon.html` tells how an icon looks."""

    def get_contents(self, origin: Origin) -> str:
        icons_written = ICON.sub(written_icon, str(super().get_contents(origin)))
        return STATIC.sub(lambda found: escape(static(found[1])), icons_written)


def written_icon(found: re.Match[str]) -> str:
    name, small = found.groups()
    return icon(name, small=bool(small))
