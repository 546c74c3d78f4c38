"""Addresses of tasks, check-ins, the page after a visit, replies and adverse events."""

from __future__ import annotations

from django.urls import path

from openomt.care.followup import views
from openomt.care.followup.adverse import views as adverse
from openomt.care.followup.aftercare import views as aftercare
from openomt.care.followup.checkins import views as checkins
from openomt.care.followup.replies import views as replies

urlpatterns = [
    path("answers", views.answers, name="answers"),
    path("answers/new", views.task_new, name="task_new"),
    path("answers/<uuid:uid>", views.task, name="task"),
    path("answers/<uuid:uid>/take", views.task_take, name="task_take"),
    path("answers/<uuid:uid>/hand-over", views.task_hand_over, name="task_hand_over"),
    path("answers/<uuid:uid>/called", views.task_called, name="task_called"),
    path("answers/<uuid:uid>/reply", views.task_reply, name="task_reply"),
    path("answers/<uuid:uid>/close", views.task_close, name="task_close"),
    path("answers/<uuid:uid>/adverse", adverse.adverse_new, name="adverse_new"),
    path("adverse/<uuid:uid>", adverse.adverse, name="adverse"),
    path("adverse/<uuid:uid>/in-error", adverse.adverse_in_error, name="adverse_in_error"),
    path("my/check-in/<uuid:uid>", checkins.mine_checkin, name="followup_mine_checkin"),
    path("my/aftercare/<uuid:uid>", aftercare.mine_aftercare, name="followup_mine_aftercare"),
    path(
        "my/aftercare/<uuid:uid>/sheet.pdf", aftercare.mine_aftercare_pdf, name="followup_mine_aftercare_pdf"
    ),
    path("my/replies/<uuid:uid>", replies.mine_reply, name="followup_mine_reply"),
]
