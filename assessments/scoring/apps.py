"""The room `scoring` as a Django app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "assessments.scoring"
    label = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
