"""The room `codes` as a Django app."""

from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "assessments.codes"
    label = "codes"
    default_auto_field = "django.db.models.BigAutoField"
