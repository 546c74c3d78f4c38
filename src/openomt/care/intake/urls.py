from __future__ import annotations

from django.urls import path

from openomt.care.intake import mine_views, staff_views

urlpatterns = [
    path("my/intake", mine_views.any_open, name="intake_mine_any"),
    path("my/intake/<uuid:uid>", mine_views.intake, name="intake_mine"),
    path("my/intake/<uuid:uid>/now", mine_views.now, name="intake_mine_now"),
    path("my/intake/<uuid:uid>/send", mine_views.send, name="intake_mine_send"),
    path("my/intake/<uuid:uid>/question/<slug:key>", mine_views.question, name="intake_mine_question"),
    path("patients/<uuid:uid>/intake/send", staff_views.send, name="intake_send"),
    path("patients/<uuid:uid>/intake/tablet", staff_views.tablet, name="intake_tablet"),
    path("intakes/<uuid:uid>", staff_views.summary, name="intake_summary"),
    path("intakes/<uuid:uid>/decide", staff_views.decide, name="intake_decide"),
    path("intakes/<uuid:uid>/withdraw", staff_views.withdraw, name="intake_withdraw"),
]
