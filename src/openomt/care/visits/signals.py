"""What later steps of care may want to know of a visit."""

from __future__ import annotations

from django.dispatch import Signal

signed = Signal()
"""Sent with `visit`, once, inside the transaction that signs it and after its regions were derived. A receiver plans
what follows (jobs, messages) and raises nothing: what it raises keeps the visit from being signed."""
