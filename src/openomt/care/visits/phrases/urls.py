from __future__ import annotations

from django.urls import path

from openomt.care.visits.phrases import views

urlpatterns = [
    path("phrases", views.phrases, name="phrases"),
    path("phrases.json", views.phrases_json, name="phrases_json"),
    path("phrases/remove", views.phrase_remove, name="phrase_remove"),
    path("phrases/starters", views.phrase_starters, name="phrase_starters"),
]
