from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "openomt.care.portal"
    label = "portal"
