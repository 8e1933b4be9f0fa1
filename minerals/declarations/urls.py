"""Addresses of declarations."""

from django.urls import path
from django.urls.resolvers import URLPattern

from minerals.declarations.views import (
    batch,
    declarers,
    detail,
    entering,
    files,
    form,
    form_save,
    handing_in,
    listing,
    reviewing,
)

urlpatterns: list[URLPattern] = [
    path("", listing.declaration_list, name="declaration_list"),
    path("export/", listing.declaration_export, name="declaration_export"),
    path("own/", listing.own_declaration_list, name="own_declaration_list"),
    path("enter/", entering.declaration_enter, name="declaration_enter"),
    path("<int:pk>/", detail.declaration_detail, name="declaration_detail"),
    path("<int:pk>/editions/<int:number>/", detail.declaration_edition, name="declaration_edition"),
    path("<int:pk>/editions/<int:number>/file/", files.declaration_file, name="declaration_file"),
    path("<int:pk>/upload/", handing_in.declaration_upload, name="declaration_upload"),
    path("<int:pk>/hand-in/", handing_in.declaration_hand_in, name="declaration_hand_in"),
    path("<int:pk>/return/", reviewing.declaration_return, name="declaration_return"),
    path("<int:pk>/accept/", reviewing.declaration_accept, name="declaration_accept"),
    path("<int:pk>/cancel/", reviewing.declaration_cancel, name="declaration_cancel"),
    # The form that a supplier fills in on the page.
    path("<int:pk>/form/", form.declaration_form, name="declaration_form"),
    path("<int:pk>/form/continue/", form.declaration_continue, name="declaration_continue"),
    path("<int:pk>/form/check/", form.declaration_form_check, name="declaration_form_check"),
    path("<int:pk>/form/hand-in/", form.declaration_form_hand_in, name="declaration_form_hand_in"),
    path("<int:pk>/form/save/<path:key>/", form_save.declaration_form_save, name="declaration_form_save"),
    path("<int:pk>/form/pages/<slug:step>/", form.declaration_form_step, name="declaration_form_step"),
    # Many files that a buyer enters at once.
    path("batches/new/", batch.batch_new, name="batch_new"),
    path("batches/<int:pk>/", batch.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/upload/", batch.batch_upload, name="batch_upload"),
    path("batches/<int:pk>/export/", batch.batch_export, name="batch_export"),
    path("batches/<int:pk>/files/<int:file_id>/", batch.batch_file_match, name="batch_file_match"),
    path("batches/<int:pk>/files/<int:file_id>/aside/", batch.batch_file_aside, name="batch_file_aside"),
    # Who declares a smelter; the pages of the registry, a room below, show these.
    path("smelters/<int:pk>/", declarers.smelter_declarers, name="smelter_declarers"),
    path("names/<int:pk>/", declarers.smelter_name_declarers, name="smelter_name_declarers"),
]
