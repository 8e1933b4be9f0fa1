"""App registration."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """What is wrong at a site."""

    name = "assessments.findings"
    label = "findings"
    default_auto_field = "django.db.models.BigAutoField"
