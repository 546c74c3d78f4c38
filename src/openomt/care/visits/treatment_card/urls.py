from __future__ import annotations

from django.urls import path

from openomt.care.visits.treatment_card import views

urlpatterns = [
    path("visits/<uuid:uid>/treatment-card", views.treatment_card, name="treatment_card"),
]
