"""App registration."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """Append-only record of who did what."""

    name = "portal.trail"
    label = "trail"
    default_auto_field = "django.db.models.BigAutoField"
