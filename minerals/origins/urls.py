"""Addresses of countries of origin."""

from django.urls import path

from minerals.origins.views.lists import (
    risk_list,
    risk_list_detail,
    risk_list_export,
    risk_list_new,
    risk_list_withdraw,
)

urlpatterns = [
    path("", risk_list, name="risk_list"),
    path("new/", risk_list_new, name="risk_list_new"),
    path("<int:pk>/", risk_list_detail, name="risk_list_detail"),
    path("<int:pk>/withdraw/", risk_list_withdraw, name="risk_list_withdraw"),
    path("<int:pk>/export/", risk_list_export, name="risk_list_export"),
]
