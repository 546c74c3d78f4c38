"""Addresses of the chart's pages."""

from __future__ import annotations

from django.urls import path

from openomt.care.desk import chart_views, form_views

urlpatterns = [
    path("patients/<uuid:uid>/chart", chart_views.chart, name="chart"),
    path("patients/<uuid:uid>/course/<slug:decision>", chart_views.course_decide, name="course_decide"),
    path("patients/<uuid:uid>/goals", chart_views.goal_keep, name="goal_new"),
    path("patients/<uuid:uid>/goals/<int:number>", chart_views.goal_keep, name="goal"),
    path("patients/<uuid:uid>/forms", form_views.form_new, name="form_new"),
    path("forms/<uuid:uid>", form_views.form_answer, name="form_answer"),
    path("forms/<uuid:uid>/error", form_views.form_error, name="form_error"),
]
