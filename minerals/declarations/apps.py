"""App registration."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """Declarations of suppliers."""

    name = "minerals.declarations"
    label = "declarations"
    default_auto_field = "django.db.models.BigAutoField"
