from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "openomt.care.accounts"
    label = "accounts"

    def ready(self) -> None:
        from openomt.care.accounts import signals  # noqa: PLC0415  (needs the models)

        signals.connect()
