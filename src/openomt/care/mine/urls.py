"""Addresses of the patient's own page, and of the form by which staff give advice."""

from __future__ import annotations

from django.urls import path

from openomt.care.mine import staff_views, views

urlpatterns = [
    path("my/", views.home, name="mine_home"),
    path("my/progress", views.progress, name="mine_progress"),
    path("my/visits", views.visits, name="mine_visits"),
    path("my/visits/<uuid:visit_uid>", views.visit, name="mine_visit"),
    path("my/visits/<uuid:visit_uid>/sheets/<slug:kind>", views.visit_file, name="mine_visit_file"),
    path("my/documents/<uuid:document_uid>", views.document, name="mine_document"),
    path("my/ask", views.ask, name="mine_ask"),
    path("my/ask/<uuid:question_uid>", views.question, name="mine_question"),
    path("my/everything", views.everything, name="mine_everything"),
    path("patients/<uuid:uid>/advice", staff_views.advice, name="mine_advice"),
    path(
        "patients/<uuid:uid>/advice/<uuid:advice_uid>/end",
        staff_views.advice_end,
        name="mine_advice_end",
    ),
]
