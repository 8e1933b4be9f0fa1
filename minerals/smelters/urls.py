"""Addresses of the registry of smelters."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
