"""How the sign-in library behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: the owner adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
