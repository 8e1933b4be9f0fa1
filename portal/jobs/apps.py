"""App registration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work with progress a page can show."""

    name = "portal.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
