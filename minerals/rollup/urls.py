"""Addresses of the roll-up."""

from django.urls import path

from minerals.rollup.views import evidence, figures, groups, overview, profile

urlpatterns = [
    path("", overview.minerals, name="minerals"),
    path("rollup/", figures.rollup_detail, name="rollup_detail"),
    path("rollup/evidence/", evidence.rollup_evidence, name="rollup_evidence"),
    path("rollup/smelters/<int:pk>/", evidence.rollup_smelter, name="rollup_smelter"),
    path("rollup/origins/<str:code>/", evidence.rollup_origin, name="rollup_origin"),
    path("rollup/export/<str:name>/", evidence.rollup_rows_export, name="rollup_rows_export"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<int:pk>/", groups.group_edit, name="group_edit"),
    path("groups/<int:pk>/items/", groups.group_item_add, name="group_item_add"),
    path("groups/<int:pk>/items/<int:item>/remove/", groups.group_item_remove, name="group_item_remove"),
    path("groups/<int:pk>/import/", groups.group_import, name="group_import"),
    path("groups/<int:pk>/export/", groups.group_export, name="group_export"),
    path("groups/<int:pk>/remove/", groups.group_remove, name="group_remove"),
    path("scopes/", groups.scope_list, name="scope_list"),
    path("scopes/<int:pk>/", groups.scope_map, name="scope_map"),
    path("company/", profile.company_profile, name="company_profile"),
]
