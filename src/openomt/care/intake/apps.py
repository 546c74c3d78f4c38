from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "openomt.care.intake"
    label = "intake"

    def ready(self) -> None:
        from openomt.care.intake import door, jobs  # noqa: PLC0415  (need the models)

        door.connect()
        jobs.connect()
