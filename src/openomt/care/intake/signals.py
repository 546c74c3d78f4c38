"""What later steps of care may want to know."""

from __future__ import annotations

from django.dispatch import Signal

danger_answered = Signal()
"""Sent with `intake` and `danger` (`danger.Danger`), inside the transaction that keeps the answer: a person of the
practice must act, by when `danger.task` says. Sent once for each sign, and again where one became more urgent."""
