"""What later steps of care may want to know."""

from __future__ import annotations

from django.dispatch import Signal

appointment_booked = Signal()
"""Sent with `appointment`, inside the transaction that books it, by staff or by a patient. A receiver that raises
undoes the booking: do no more than write rows and plan jobs (`contact.jobs.enqueue`)."""

appointment_moved = Signal()
"""Sent with `appointment`, inside the transaction that gives it another time, place or clinician. As above."""

danger_told = Signal()
"""Sent with `appointment` and `told` (`reasons.Told`), inside the transaction that books: the patient's reason holds
danger signs. They were told what to do; a person of the practice must act, by when `told.task` says."""
