"""App registration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST tokens, errors, pagination and schema."""

    name = "portal.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
