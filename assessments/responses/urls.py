"""Pages of this room."""

from django.urls import path

from assessments.responses.views import (
    autosave,
    evidence,
    handing_in,
    hub,
    inbox,
    lists,
    printing,
    publishing,
    sections,
    workbooks,
)

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("responses/", lists.response_list, name="response_list"),
    path("responses/export/", lists.response_export, name="response_export"),
    path("responses/<int:pk>/reopen/", lists.response_reopen, name="response_reopen"),
    path("responses/<int:pk>/", hub.response_hub, name="response_hub"),
    path("responses/<int:pk>/withdraw/", hub.response_withdraw, name="response_withdraw"),
    path("responses/<int:pk>/decline/", hub.response_decline, name="response_decline"),
    path("responses/<int:pk>/sections/<str:section>/", sections.response_section, name="response_section"),
    path("responses/<int:pk>/sections/<str:section>/assign/", hub.section_assign, name="section_assign"),
    path("responses/<int:pk>/answers/<str:code>/", autosave.response_answer, name="response_answer"),
    path("responses/<int:pk>/files/<str:code>/", evidence.evidence_list, name="evidence_list"),
    path("responses/<int:pk>/files/<str:code>/earlier/", evidence.evidence_reuse, name="evidence_reuse"),
    path(
        "responses/<int:pk>/files/<str:code>/<int:evidence_pk>/", evidence.evidence_download, name="evidence_download"
    ),
    path(
        "responses/<int:pk>/files/<str:code>/<int:evidence_pk>/remove/",
        evidence.evidence_remove,
        name="evidence_remove",
    ),
    path("submissions/<int:pk>/files/<str:sha256>/", evidence.submission_file_download, name="submission_file"),
    path("responses/<int:pk>/check/", handing_in.response_check, name="response_check"),
    path("responses/<int:pk>/submitted/", handing_in.response_submitted, name="response_submitted"),
    path("responses/<int:pk>/print/", printing.response_print, name="response_print"),
    path("questionnaires/<int:pk>/publish/", publishing.questionnaire_publish, name="questionnaire_publish"),
    path("responses/<int:pk>/workbook/", workbooks.workbook_download, name="workbook_download"),
    path("responses/<int:pk>/workbook/upload/", workbooks.workbook_upload, name="workbook_upload"),
    path("responses/<int:pk>/workbook/<uuid:file_id>/", workbooks.workbook_compare, name="workbook_compare"),
]
