"""App registration."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored uploads and generated files."""

    name = "portal.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
