"""Adverse events: harm after treatment, as a clinician judged it."""
