"""Pages of questionnaires."""

from django.urls import path

from assessments.questionnaires.views import authoring, comparing, library, translating, versions

urlpatterns = [
    path("", library.questionnaire_list, name="questionnaire_list"),
    path("new/", authoring.questionnaire_new, name="questionnaire_new"),
    path("new/workbook/", authoring.questionnaire_blank, name="questionnaire_blank"),
    path("upload/", authoring.questionnaire_upload, name="questionnaire_upload"),
    path("<int:pk>/", versions.questionnaire_detail, name="questionnaire_detail"),
    path("<int:pk>/preview/", library.questionnaire_preview, name="questionnaire_preview"),
    path("<int:pk>/compare/", comparing.questionnaire_compare, name="questionnaire_compare"),
    path("<int:pk>/workbook/", versions.questionnaire_workbook, name="questionnaire_workbook"),
    path("<int:pk>/extend/", versions.questionnaire_extend, name="questionnaire_extend"),
    path("<int:pk>/rebase/", authoring.questionnaire_rebase, name="questionnaire_rebase"),
    path("<int:pk>/discard/", authoring.questionnaire_discard, name="questionnaire_discard"),
    path("<int:pk>/retire/", authoring.questionnaire_retire, name="questionnaire_retire"),
    path("<int:pk>/translations/", translating.translation_list, name="translation_list"),
    path("<int:pk>/translations/add/", translating.translation_add, name="translation_add"),
    path("<int:pk>/translations/start/", translating.translation_start, name="translation_start"),
    path("<int:pk>/translations/<slug:language>/", translating.translation_detail, name="translation_detail"),
    path("<int:pk>/translations/<slug:language>/save/", translating.translation_save, name="translation_save"),
    path("<int:pk>/translations/<slug:language>/export/", translating.translation_export, name="translation_export"),
    path("<int:pk>/translations/<slug:language>/import/", translating.translation_import, name="translation_import"),
]
