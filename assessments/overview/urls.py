"""Pages of the overview."""

from django.urls import path

from assessments.overview.views import dashboard, frame, gri, progress, reports, suppliers

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("provisions/", dashboard.provision_list, name="provision_list"),
    path("provisions/export/", dashboard.provision_list_export, name="provision_list_export"),
    path("dashboard/report/<int:pk>/", dashboard.campaign_report, name="campaign_report"),
    path("suppliers/", suppliers.supplier_list, name="supplier_list"),
    path("suppliers/export/", suppliers.supplier_export, name="supplier_export"),
    path("suppliers/<int:pk>/", suppliers.supplier_card, name="supplier_card"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/audit-status/", reports.report_audit_status, name="report_audit_status"),
    path("reports/provisions/", reports.report_provisions, name="report_provisions"),
    path("reports/provisions/<str:code>/<str:provision>/", reports.report_provision, name="report_provision"),
    path("reports/ages/", reports.report_ages, name="report_ages"),
    path("reports/on-time/", progress.report_on_time, name="report_on_time"),
    path("reports/recurrences/", progress.report_recurrences, name="report_recurrences"),
    path("reports/gri/", gri.report_gri, name="report_gri"),
    path("reports/gri/<slug:dimension>/<slug:figure>/", gri.report_gri_rows, name="report_gri_rows"),
    path("reports/<slug:name>/export/", frame.report_export, name="report_export"),
]
