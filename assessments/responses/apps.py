"""App registration."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Answering a questionnaire."""

    name = "assessments.responses"
    label = "responses"
    default_auto_field = "django.db.models.BigAutoField"
