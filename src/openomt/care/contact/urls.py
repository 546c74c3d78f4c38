"""Addresses of messages: the staff's list, the quiet hours, and the page where a reader ends messages."""

from __future__ import annotations

from django.urls import path

from openomt.care.contact import views

urlpatterns = [
    path("messages", views.messages_page, name="contact_messages"),
    path("messages/<uuid:uid>", views.message, name="contact_message"),
    path("messages/<uuid:uid>/again", views.message_again, name="contact_message_again"),
    path("messages/<uuid:uid>/close", views.message_close, name="contact_message_close"),
    path("jobs/<int:pk>/again", views.job_again, name="contact_job_again"),
    path("jobs/<int:pk>/close", views.job_close, name="contact_job_close"),
    path("practice/messages", views.quiet_hours, name="contact_settings"),
    path("my/messages/stop/<str:token>", views.stop, name="contact_stop"),
    path("my/messages/texts", views.texts, name="contact_texts"),
]
