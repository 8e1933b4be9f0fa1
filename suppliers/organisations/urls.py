"""Pages of organisations."""

from django.urls import path

from suppliers.organisations.views import workspace

urlpatterns = [
    path("", workspace.home, name="home"),
    path("workspace/<int:pk>/", workspace.switch, name="workspace_switch"),
]
