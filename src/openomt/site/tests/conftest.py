"""The tests of the site use what the tests of care use."""

from __future__ import annotations

from openomt.care.conftest import (
    browser_type_launch_args,
    django_db_modify_db_settings,
    django_db_setup,
    no_serious_axe,
    open_page,
)

__all__ = [
    "browser_type_launch_args",
    "django_db_modify_db_settings",
    "django_db_setup",
    "no_serious_axe",
    "open_page",
]
