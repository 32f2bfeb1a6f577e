"""Addresses of the area `manage`."""

from django.urls import URLPattern

app_name = "manage"
urlpatterns: list[URLPattern] = []
