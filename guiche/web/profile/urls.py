"""Addresses of the area `profile`."""

from django.urls import URLPattern, URLResolver

from guiche.web.profile import files_urls, notices_urls

app_name = "profile"
urlpatterns: list[URLPattern | URLResolver] = [*files_urls.urlpatterns, *notices_urls.urlpatterns]
