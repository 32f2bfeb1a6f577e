"""Where a request comes from: its address, believed from our own proxies only, and its device as people say it."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

_BROWSERS = (
    ("Edge", re.compile(r"\bEdgA?/|\bEdgiOS/")),
    ("Opera", re.compile(r"\bOPR/|\bOpera")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\bFirefox/|\bFxiOS/")),
    ("Chrome", re.compile(r"Chrome/|\bCriOS/|\bChromium/")),
    ("Safari", re.compile(r"\bSafari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac OS X\b|\bMacintosh\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
PHONES = frozenset({"Android", "iPhone", "iPad"})


def address_of(request: HttpRequest) -> str:
    """Return the client's address: what our last proxy saw, or whoever is connected; "" when it is none.

    `X-Forwarded-For` is read from its end, as many places in as proxies of ours stand in front; what comes before
    was written by the client.
    """
    candidate = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")]
        if len(forwarded) >= settings.TRUSTED_PROXIES and forwarded[-settings.TRUSTED_PROXIES]:
            candidate = forwarded[-settings.TRUSTED_PROXIES]
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""


def device_of(request: HttpRequest) -> str:
    """Return the browser and system as people say them: "Firefox, Windows". What is unknown is "another browser"."""
    agent = str(request.META.get("HTTP_USER_AGENT") or "")[:400]
    browser = next((name for name, sign in _BROWSERS if sign.search(agent)), _("another browser"))
    system = next((name for name, sign in _SYSTEMS if sign.search(agent)), "")
    return f"{browser}, {system}" if system else browser
