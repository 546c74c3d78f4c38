"""Addresses of the tasks."""

from __future__ import annotations

from django.urls import path

from openomt.care.followup import views

urlpatterns = [
    path("answers", views.answers, name="answers"),
    path("answers/new", views.task_new, name="task_new"),
    path("answers/<uuid:uid>", views.task, name="task"),
    path("answers/<uuid:uid>/take", views.task_take, name="task_take"),
    path("answers/<uuid:uid>/hand-over", views.task_hand_over, name="task_hand_over"),
    path("answers/<uuid:uid>/close", views.task_close, name="task_close"),
]
