"""Addresses of the roll-up."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
