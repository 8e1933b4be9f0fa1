"""App registration."""

from django.apps import AppConfig


class RollupConfig(AppConfig):
    """The roll-up."""

    name = "minerals.rollup"
    label = "rollup"
    default_auto_field = "django.db.models.BigAutoField"
