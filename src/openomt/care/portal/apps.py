from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "openomt.care.portal"
    label = "portal"

    def ready(self) -> None:
        from openomt.care.portal import signals  # noqa: PLC0415  (needs the models)

        signals.connect()
