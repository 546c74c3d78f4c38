from __future__ import annotations

from django.apps import AppConfig


class AgreeConfig(AppConfig):
    name = "openomt.care.agree"
    label = "agree"
