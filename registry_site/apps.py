from django.apps import AppConfig
from django.contrib.admin import apps as admin


class RegistrySiteConfig(AppConfig):
    name = "registry_site"
    default = True


class OperatorsConfig(admin.AdminConfig):
    """Django's admin, arranged for operators: `accounts.operators`."""

    default = False
    default_site = "accounts.operators.OperatorSite"
