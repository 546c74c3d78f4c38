"""Addresses of the schedule."""

from __future__ import annotations

from django.urls import path

from openomt.care.booking import mine_views, online_views, public_views, setup_views, views

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
    path("practice/online-booking", online_views.rules, name="booking_rules"),
    path("schedule/online", online_views.to_check, name="booking_to_check"),
    path("schedule/online/requests/<uuid:uid>", online_views.checked, name="booking_checked"),
    path("book/", public_views.book, name="booking_public"),
    path("book/times", public_views.times, name="booking_times"),
    path("book/visit", public_views.visit, name="booking_visit"),
    path("book/sent", public_views.sent, name="booking_sent"),
    path("book/confirm/<str:token>", public_views.confirm, name="booking_confirm"),
    path(
        "book/confirm/<str:token>/visit.ics", public_views.confirm_calendar, name="booking_confirm_calendar"
    ),
    path("my/bookings/", mine_views.mine, name="booking_mine"),
    path("my/bookings/<uuid:uid>", mine_views.one, name="booking_mine_one"),
    path("my/bookings/<uuid:uid>/move", mine_views.move, name="booking_mine_move"),
    path("my/bookings/<uuid:uid>/cancel", mine_views.cancel, name="booking_mine_cancel"),
    path("my/bookings/<uuid:uid>/visit.ics", mine_views.calendar, name="booking_mine_calendar"),
    path("my/waiting/new", mine_views.wait, name="booking_mine_wait"),
    path("my/waiting/<uuid:entry>/leave", mine_views.wait_leave, name="booking_mine_wait_leave"),
    path("my/offers/<uuid:offer>", mine_views.offer, name="booking_mine_offer"),
]
