"""Pages of campaigns."""

from django.urls import path

from assessments.campaigns.views import composing, deeds, listing, requests

urlpatterns = [
    path("", listing.campaign_list, name="campaign_list"),
    path("export/", deeds.campaign_list_export, name="campaign_list_export"),
    path("new/", composing.campaign_new, name="campaign_new"),
    path("<int:pk>/", listing.campaign_detail, name="campaign_detail"),
    path("<int:pk>/questionnaire/", composing.campaign_basics, name="campaign_basics"),
    path("<int:pk>/sites/", composing.campaign_sites, name="campaign_sites"),
    path("<int:pk>/sites/count/", composing.campaign_count, name="campaign_count"),
    path("<int:pk>/message/", composing.campaign_message, name="campaign_message"),
    path("<int:pk>/preview/", composing.campaign_preview, name="campaign_preview"),
    path("<int:pk>/progress/", listing.campaign_progress, name="campaign_progress"),
    path("<int:pk>/remind/", deeds.campaign_remind, name="campaign_remind"),
    path("<int:pk>/export/", deeds.campaign_export, name="campaign_export"),
    path("<int:pk>/close/", deeds.campaign_close, name="campaign_close"),
    path("<int:pk>/resume/", deeds.campaign_resume, name="campaign_resume"),
    path("<int:pk>/requests/<int:request_pk>/", requests.campaign_request, name="campaign_request"),
    path("<int:pk>/requests/<int:request_pk>/again/", requests.request_again, name="request_again"),
    path("<int:pk>/requests/<int:request_pk>/invite/", requests.request_invite, name="request_invite"),
]
