"""What later steps of care may want to know."""

from __future__ import annotations

from django.dispatch import Signal

undelivered = Signal()
"""Sent with `message`, inside the transaction that gives it up or puts it in doubt: somebody may have to call."""
