"""Tokens, the resources of every room, the schema, and an answer for every other address under /api/."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.api.views.resources import StartView, UnknownAddress, make_router
from portal.api.views.schema import DocsView, SchemaView
from portal.api.views.tokens import token_list, token_revoke

routes: list[URLPattern | URLResolver] = [
    path("", StartView.as_view(), name="start"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    *make_router().urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/tokens/", token_list, name="token_list"),
    path("account/tokens/<int:pk>/revoke/", token_revoke, name="token_revoke"),
    path("api/v1/", include((routes, "api"))),
    re_path(r"^api(/.*)?$", UnknownAddress.as_view()),
]
