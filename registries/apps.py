from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "registries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registries import listeners  # noqa: F401, PLC0415 connects the receivers
