"""Addresses of the registry of smelters."""

from django.urls import path

from minerals.smelters.views.detail import smelter_detail, smelter_outreach
from minerals.smelters.views.listing import smelter_export, smelter_list
from minerals.smelters.views.lists import (
    smelter_list_apply,
    smelter_list_detail,
    smelter_list_discard,
    smelter_list_export,
    smelter_list_import,
    smelter_lists,
)
from minerals.smelters.views.names import (
    smelter_name_decide,
    smelter_name_detail,
    smelter_names,
    smelter_names_decide,
    smelter_names_export,
)

urlpatterns = [
    path("", smelter_list, name="smelter_list"),
    path("export/", smelter_export, name="smelter_export"),
    path("<int:pk>/", smelter_detail, name="smelter_detail"),
    path("<int:pk>/outreach/", smelter_outreach, name="smelter_outreach"),
    path("names/", smelter_names, name="smelter_names"),
    path("names/export/", smelter_names_export, name="smelter_names_export"),
    path("names/decide/", smelter_names_decide, name="smelter_names_decide"),
    path("names/<int:pk>/", smelter_name_detail, name="smelter_name_detail"),
    path("names/<int:pk>/decide/", smelter_name_decide, name="smelter_name_decide"),
    path("lists/", smelter_lists, name="smelter_lists"),
    path("lists/import/", smelter_list_import, name="smelter_list_import"),
    path("lists/<int:pk>/", smelter_list_detail, name="smelter_list_detail"),
    path("lists/<int:pk>/export/", smelter_list_export, name="smelter_list_export"),
    path("lists/<int:pk>/apply/", smelter_list_apply, name="smelter_list_apply"),
    path("lists/<int:pk>/discard/", smelter_list_discard, name="smelter_list_discard"),
]
