"""Pages of questionnaires."""

from django.urls import path

from assessments.questionnaires.views import library

urlpatterns = [
    path("", library.questionnaire_list, name="questionnaire_list"),
    path("<int:pk>/", library.questionnaire_preview, name="questionnaire_preview"),
]
