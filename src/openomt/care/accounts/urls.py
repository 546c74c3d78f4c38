"""Addresses of lock, one's own page, people, practice and audit."""

from __future__ import annotations

from django.urls import path

from openomt.care.accounts.views import auditing, locking, own, people, practice

urlpatterns = [
    path("lock", locking.lock, name="lock"),
    path("locked", locking.locked, name="locked"),
    path("unlock", locking.unlock, name="unlock"),
    path("seen", locking.seen, name="seen"),
    path("me", own.me, name="me"),
    path("me/name", own.me_name, name="me_name"),
    path("me/pin", own.me_pin, name="me_pin"),
    path("me/pin/remove", own.me_pin_remove, name="me_pin_remove"),
    path("me/session/end", own.session_end, name="session_end"),
    path("people", people.people, name="people"),
    path("people/new", people.person_new, name="person_new"),
    path("people/<uuid:uid>", people.person, name="person"),
    path("people/<uuid:uid>/close", people.person_close, name="person_close"),
    path("people/<uuid:uid>/open", people.person_open, name="person_open"),
    path("people/<uuid:uid>/link", people.person_link, name="person_link"),
    path("people/<uuid:uid>/second-factors", people.person_factors, name="person_factors"),
    path("people/<uuid:uid>/sessions", people.person_sessions, name="person_sessions"),
    path("people/<uuid:uid>/credentials", people.credential_new, name="credential_new"),
    path("credentials/<uuid:uid>/end", people.credential_end, name="credential_end"),
    path("practice", practice.practice, name="practice"),
    path("practice/cpt/on", practice.cpt_on, name="cpt_on"),
    path("practice/cpt/off", practice.cpt_off, name="cpt_off"),
    path("practice/locations/new", practice.location_new, name="location_new"),
    path("practice/locations/<uuid:uid>", practice.location, name="location"),
    path("audit", auditing.audit_page, name="audit"),
    path("audit.csv", auditing.audit_csv, name="audit_csv"),
    path("audit/verify", auditing.audit_verify, name="audit_verify"),
]
