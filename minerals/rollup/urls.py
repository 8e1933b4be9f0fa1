"""Addresses of the roll-up."""

from django.urls import path

from minerals.rollup.views import overview

urlpatterns = [
    path("", overview.minerals, name="minerals"),
]
