"""Pages of this room."""

from django.urls import path

from portal.jobs import views

urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("<uuid:pk>/", views.job_detail, name="job_detail"),
    path("<uuid:pk>/file/", views.job_file, name="job_file"),
]
