from __future__ import annotations

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "openomt.care.followup"
    label = "followup"

    def ready(self) -> None:
        from openomt.care.followup import jobs, receivers, signals  # noqa: F401, PLC0415  (need the models)

        signals.connect()
        receivers.connect()
