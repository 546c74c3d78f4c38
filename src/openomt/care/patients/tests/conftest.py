"""What the tests of patients share."""

from __future__ import annotations

import pytest
from pytest_django import Settings

_MIDDLEWARE = "openomt.care.patients.middleware.RestrictedChartMiddleware"


@pytest.fixture(autouse=True)
def _asks_for_a_reason(settings: Settings) -> None:
    if _MIDDLEWARE not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, _MIDDLEWARE]
