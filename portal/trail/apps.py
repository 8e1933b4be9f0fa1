"""App registration; listens to the sign-in libraries, which tell what happened by signals only."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """Append-only record of who did what."""

    name = "portal.trail"
    label = "trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect sign-ins and changes of sign-in to the trail."""
        from portal.trail.services import listen

        listen()
