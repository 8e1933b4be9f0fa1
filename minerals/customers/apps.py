"""App registration."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers' requests."""

    name = "minerals.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
