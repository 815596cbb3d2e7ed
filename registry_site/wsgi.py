"""The application as a WSGI server calls it."""

import os

from django.core.wsgi import get_wsgi_application

from registry_site.garbage import look_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings")

application = get_wsgi_application()
look_seldom()
