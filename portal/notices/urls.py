"""Pages of this room."""

from django.urls import path

from portal.notices import views

urlpatterns = [path("mailbox/", views.mailbox, name="mailbox")]
