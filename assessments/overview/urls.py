"""Pages of the overview."""

from django.urls import path

from assessments.overview.views import dashboard, suppliers

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("provisions/", dashboard.provision_list, name="provision_list"),
    path("provisions/export/", dashboard.provision_list_export, name="provision_list_export"),
    path("dashboard/report/<int:pk>/", dashboard.campaign_report, name="campaign_report"),
    path("suppliers/", suppliers.supplier_list, name="supplier_list"),
    path("suppliers/export/", suppliers.supplier_export, name="supplier_export"),
    path("suppliers/<int:pk>/", suppliers.supplier_card, name="supplier_card"),
]
