"""Addresses of countries of origin."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
