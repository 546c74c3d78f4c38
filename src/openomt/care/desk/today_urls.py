"""The address of the day."""

from __future__ import annotations

from django.urls import path

from openomt.care.desk import today_views

urlpatterns = [path("today", today_views.today, name="today")]
