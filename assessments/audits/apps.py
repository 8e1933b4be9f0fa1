"""App registration."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    """Audits of sites."""

    name = "assessments.audits"
    label = "audits"
    default_auto_field = "django.db.models.BigAutoField"
