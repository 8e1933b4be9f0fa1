"""The room `questionnaires` as a Django app."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "assessments.questionnaires"
    label = "questionnaires"
    default_auto_field = "django.db.models.BigAutoField"
