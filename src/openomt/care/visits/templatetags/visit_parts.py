"""Tags for the parts of a visit page that bring their own content: body map, landmarks, orders, treatment cards."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from openomt.care.patients.models import Patient
from openomt.care.visits import landmark_helper
from openomt.care.visits.body_map.component import around_pictures
from openomt.care.visits.body_map.shapes import View
from openomt.care.visits.models import Order
from openomt.care.visits.orders.services import recent

register = template.Library()


@register.simple_tag
def body_map(
    pictures: Mapping[View, SafeString], view: View = "back", editable: bool = True, infant: bool = False
) -> SafeString:
    """`{% body_map pictures %}`: the whole component around the findings of each view (`body_map.overlay`)."""
    return around_pictures(pictures, view=view, editable=editable, infant=infant)


@register.simple_tag
def landmarks() -> SafeString:
    """`{% landmarks %}`: the form of tests that leads to diagnoses, the same for every patient."""
    return landmark_helper.panel()


@register.simple_tag
def orders_of(patient: Patient) -> tuple[Order, ...]:
    """`{% orders_of patient as orders %}`: what is open, and what was read lately."""
    return recent(patient)
