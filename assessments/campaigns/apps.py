"""App registration."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Asking many sites at once."""

    name = "assessments.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
