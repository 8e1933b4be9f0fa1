"""App registration."""

from django.apps import AppConfig


class SmeltersConfig(AppConfig):
    """The registry of smelters."""

    name = "minerals.smelters"
    label = "smelters"
    default_auto_field = "django.db.models.BigAutoField"
