"""Sign-in, second factors and the account page."""

from django.urls import URLPattern, URLResolver, include, path

from portal.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", views.account, name="account"),
    path("language/", views.set_language, name="set_language"),
    path("help/", views.show_help, name="help"),
    path("accounts/", include("allauth.urls")),
]
