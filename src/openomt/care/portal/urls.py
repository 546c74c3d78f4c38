"""Addresses of portal."""

from __future__ import annotations

from django.urls import path

from openomt.care.portal import link_views, sign_in_views, staff_views, views

urlpatterns = [
    path("l/<str:token>", link_views.link, name="portal_link"),
    path("l/<str:token>/again", link_views.link_again, name="portal_link_again"),
    path("my/link-sent", link_views.link_sent, name="portal_link_sent"),
    path("my/language", views.language, name="portal_language"),
    path("my/sign-in", sign_in_views.sign_in, name="portal_sign_in"),
    path("my/sign-in/sent", sign_in_views.sign_in_sent, name="portal_sign_in_sent"),
    path("my/sign-in/passkey/ask", sign_in_views.passkey_ask, name="portal_passkey_ask"),
    path("my/sign-in/passkey", sign_in_views.passkey_sign_in, name="portal_passkey_sign_in"),
    path("my/sign-out", sign_in_views.sign_out, name="portal_sign_out"),
    path("my/signed-out", sign_in_views.signed_out, name="portal_signed_out"),
    path("my/devices", views.devices, name="portal_devices"),
    path("my/devices/<uuid:uid>/end", views.device_end, name="portal_device_end"),
    path("my/links/<uuid:uid>/end", views.link_end, name="portal_link_end"),
    path("my/passkeys/ask", sign_in_views.passkey_begin, name="portal_passkey_begin"),
    path("my/passkeys", sign_in_views.passkey_add, name="portal_passkey_add"),
    path("my/passkeys/<uuid:uid>/end", views.passkey_end, name="portal_passkey_end"),
    path("my/people", views.people, name="portal_people"),
    path("my/people/<uuid:uid>", views.person_open, name="portal_person_open"),
    path("my/give-back", views.give_back, name="portal_give_back"),
    path("patients/<uuid:uid>/door", staff_views.door, name="portal_door"),
    path("patients/<uuid:uid>/door/end", staff_views.door_end, name="portal_door_end"),
    path("patients/<uuid:uid>/hand-over", staff_views.hand_over, name="portal_hand_over"),
]
