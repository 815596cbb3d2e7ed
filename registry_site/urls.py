"""The site map."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from automations import urls as automations
from registries.urls import project_patterns
from registry_site.health import health

handler500 = "registry_site.error_pages.fault"

urlpatterns = [
    path("healthz", health, name="healthz"),
    path("ready", health, name="ready"),
    path("readyz", health, name="readyz"),
    path("accounts/", include("registry_site.sign_in_urls")),
    *([path("admin/", admin.site.urls)] if settings.WAYMARK_ADMIN else []),
    path("", include("wandb_api.urls")),
    path("", include("artifacts.urls")),
    path("", include("accounts.urls")),
    path("", include("automations.urls")),
    path("", include("registries.urls")),
    path("", include(automations.project_patterns)),
    path("", include(project_patterns)),
]
