"""Pages of audits."""

from django.urls import path

from assessments.audits.views import detail, listing

urlpatterns = [
    path("", listing.audit_list, name="audit_list"),
    path("export/", listing.audit_export, name="audit_export"),
    path("<int:pk>/", detail.audit_detail, name="audit_detail"),
]
