"""Addresses of customers' requests."""

from django.urls import path

from minerals.customers.views import blanks, detail, entering, listing, reports

urlpatterns = [
    path("", listing.customer_request_list, name="customer_request_list"),
    path("export/", listing.customer_request_export, name="customer_request_export"),
    path("answer/", listing.customer_request_answer_many, name="customer_request_answer_many"),
    path("import/", listing.customer_request_import, name="customer_request_import"),
    path("import/table/", listing.customer_request_import_template, name="customer_request_import_template"),
    path("smelters/", reports.rollup_smelters_export, name="rollup_smelters_export"),
    path("report/", reports.rollup_report, name="rollup_report"),
    path("new/", entering.customer_request_new, name="customer_request_new"),
    path("blanks/", blanks.blank_list, name="blank_list"),
    path("blanks/<int:pk>/file/", blanks.blank_file, name="blank_file"),
    path("blanks/<int:pk>/remove/", blanks.blank_remove, name="blank_remove"),
    path("<int:pk>/", detail.customer_request_detail, name="customer_request_detail"),
    path("<int:pk>/edit/", entering.customer_request_edit, name="customer_request_edit"),
    path("<int:pk>/answer/", detail.customer_request_answer, name="customer_request_answer"),
    path("<int:pk>/decline/", detail.customer_request_decline, name="customer_request_decline"),
    path("<int:pk>/reopen/", detail.customer_request_reopen, name="customer_request_reopen"),
    path("<int:pk>/answers/<int:number>/<str:which>/", detail.customer_answer_file, name="customer_answer_file"),
]
