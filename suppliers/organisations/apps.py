"""App registration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, sites, relationships and memberships."""

    name = "suppliers.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
