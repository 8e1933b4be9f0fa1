"""App registration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Mails in the reader's language."""

    name = "portal.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
