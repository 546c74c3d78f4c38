from __future__ import annotations

from django.urls import path

from openomt.care.visits.landmark_helper import views

urlpatterns = [path("landmarks", views.landmarks_infer, name="landmarks_infer")]
