"""The landmark helper: tests are ticked, and the dysfunctions they fit are named with reasons."""

from __future__ import annotations

from openomt.care.visits.landmark_helper.form import panel

__all__ = ["panel"]
