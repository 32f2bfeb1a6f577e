"""Addresses of opening a ticket, part of the namespace `portal`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
