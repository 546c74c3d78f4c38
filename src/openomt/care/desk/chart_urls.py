"""Addresses of the chart's pages."""

from __future__ import annotations

from django.urls import path

from openomt.care.desk import chart_views, compare_views, form_views, recall_views

urlpatterns = [
    path("patients/<uuid:uid>/chart", chart_views.chart, name="chart"),
    path("patients/<uuid:uid>/course/<slug:decision>", chart_views.course_decide, name="course_decide"),
    path("patients/<uuid:uid>/goals/<slug:what>", chart_views.goals, name="goals"),
    path("patients/<uuid:uid>/compare", compare_views.compare, name="compare"),
    path("patients/<uuid:uid>/forms", form_views.form_new, name="form_new"),
    path("forms/<uuid:uid>", form_views.form_answer, name="form_answer"),
    path("forms/<uuid:uid>/error", form_views.form_error, name="form_error"),
    path("recall", recall_views.recall, name="recall"),
    path("recall.csv", recall_views.recall_csv, name="recall_csv"),
]
