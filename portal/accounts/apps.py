"""App registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sign-in and invitations."""

    name = "portal.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
