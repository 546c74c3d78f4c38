from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse


class BookingConfig(AppConfig):
    name = "openomt.care.booking"
    label = "booking"

    def ready(self) -> None:
        from openomt.care.booking import jobs  # noqa: F401, PLC0415  (registers what it does)
        from openomt.care.portal import doors  # noqa: PLC0415  (needs the models)
        from openomt.care.portal.access import Scope  # noqa: PLC0415

        doors.register(
            doors.Door(
                "booking", Scope.BOOKING, "Their appointments", lambda _patient: reverse("booking_mine")
            )
        )
