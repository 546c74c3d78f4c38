"""Addresses of the schedule."""

from __future__ import annotations

from django.urls import path

from openomt.care.booking import setup_views, views

urlpatterns = [
    path("schedule", views.schedule, name="schedule"),
    path("schedule/new", views.appointment_new, name="appointment_new"),
    path("schedule/find", views.booking_find, name="booking_find"),
    path("schedule/hours", setup_views.hours, name="hours"),
    path("schedule/hours/<uuid:uid>", setup_views.clinician_hours, name="clinician_hours"),
    path("schedule/hours/<uuid:uid>/away", setup_views.absence_new, name="absence_new"),
    path("schedule/away/<uuid:uid>/remove", setup_views.absence_remove, name="absence_remove"),
    path("appointment/<uuid:uid>", views.appointment, name="appointment"),
    path("appointment/<uuid:uid>/move", views.appointment_move, name="appointment_move"),
    path("appointment/<uuid:uid>/cancel", views.appointment_cancel, name="appointment_cancel"),
    path("appointment/<uuid:uid>/status", views.appointment_status, name="appointment_status"),
    path("practice/appointment-types", setup_views.appointment_types, name="appointment_types"),
    path("practice/appointment-types/<uuid:uid>", setup_views.appointment_type, name="appointment_type"),
    path(
        "practice/appointment-types/<uuid:uid>/offer",
        setup_views.appointment_type_offer,
        name="appointment_type_offer",
    ),
]
