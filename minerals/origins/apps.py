"""App registration."""

from django.apps import AppConfig


class OriginsConfig(AppConfig):
    """Countries of origin."""

    name = "minerals.origins"
    label = "origins"
    default_auto_field = "django.db.models.BigAutoField"
