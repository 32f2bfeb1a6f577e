"""Addresses of the portal administrator's pages, and of choosing the current organisation; part of `portal`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
