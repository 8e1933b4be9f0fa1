"""Pages of findings."""

from django.urls import path

from assessments.findings.views import listing as views

urlpatterns = [
    path("", views.finding_list, name="finding_list"),
    path("export/", views.finding_export, name="finding_export"),
    path("<int:pk>/", views.finding_detail, name="finding_detail"),
    path("<int:pk>/move/", views.finding_move, name="finding_move"),
]
