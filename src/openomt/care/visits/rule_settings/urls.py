from __future__ import annotations

from django.urls import path

from openomt.care.visits.rule_settings import views

urlpatterns = [
    path("practice/safety-rules", views.rule_settings, name="rule_settings"),
    path("practice/safety-rules/<slug:rule>", views.rule_setting, name="rule_setting"),
]
