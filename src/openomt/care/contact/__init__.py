"""Reaching a patient: jobs that are run once, and messages by e-mail and text."""
