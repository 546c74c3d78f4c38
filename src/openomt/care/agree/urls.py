"""Addresses of agree."""

from __future__ import annotations

from django.urls import path

from openomt.care.agree import staff_views, views

urlpatterns = [
    path("my/agree/<uuid:uid>", views.start, name="agree_mine"),
    path("my/agree/<uuid:uid>/step/<slug:step>", views.step, name="agree_mine_step"),
    path("my/agree/<uuid:uid>/questions", views.talk, name="agree_mine_talk"),
    path("my/agree/<uuid:uid>/change", views.change, name="agree_mine_change"),
    path("my/agree/<uuid:uid>/signed/<uuid:agreement>/pdf", views.pdf, name="agree_mine_pdf"),
    path("visits/<uuid:uid>/agree", staff_views.page, name="agree_page"),
    path("visits/<uuid:uid>/agree/panel", staff_views.panel, name="agree_panel"),
    path("visits/<uuid:uid>/agree/ask", staff_views.ask, name="agree_ask"),
    path("visits/<uuid:uid>/agree/end", staff_views.end, name="agree_end"),
    path("visits/<uuid:uid>/agree/talked", staff_views.talked, name="agree_talked"),
    path("visits/<uuid:uid>/agree/signed/<uuid:agreement>/pdf", staff_views.pdf, name="agree_pdf"),
]
