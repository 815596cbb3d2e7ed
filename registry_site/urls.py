"""The site map."""

from allauth.account import views as allauth_views
from django.urls import include, path

from automations import urls as automations
from registries.urls import project_patterns
from registry_site.health import health

urlpatterns = [
    path("healthz", health, name="healthz"),
    path("ready", health, name="ready"),
    path("readyz", health, name="readyz"),
    path("accounts/login/", allauth_views.login, name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("", include("wandb_api.urls")),
    path("", include("artifacts.urls")),
    path("", include("accounts.urls")),
    path("", include("automations.urls")),
    path("", include("registries.urls")),
    path("", include(automations.project_patterns)),
    path("", include(project_patterns)),
]
