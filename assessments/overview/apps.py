"""App registration."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Dashboard, supplier card and reports."""

    name = "assessments.overview"
    label = "overview"
    default_auto_field = "django.db.models.BigAutoField"
