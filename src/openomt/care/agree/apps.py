"""The patient agrees to a plan, technique by technique, or refuses."""

from __future__ import annotations

from django.apps import AppConfig


class AgreeConfig(AppConfig):
    name = "openomt.care.agree"
    label = "agree"

    def ready(self) -> None:
        from openomt.care.agree import door  # noqa: PLC0415  (models are not ready before)

        door.register()
