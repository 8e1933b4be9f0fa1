"""App registration."""

from django.apps import AppConfig


class TemplatesIoConfig(AppConfig):
    """Reading and writing RMI workbooks."""

    name = "minerals.templates_io"
    label = "templates_io"
    default_auto_field = "django.db.models.BigAutoField"
