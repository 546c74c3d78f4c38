"""Addresses of the public pages, of the self-check, and of the staff's list of pages to review."""

from __future__ import annotations

from django.urls import path

from openomt.care.learning import check_views, views

urlpatterns = [
    path("learn/", views.index, name="learning_index"),
    path("learn/search", views.search_pages, name="learning_search"),
    path("learn/conditions/", views.conditions, name="learning_conditions"),
    path("learn/conditions/<slug:slug>", views.condition, name="learning_condition"),
    path("learn/techniques/", views.techniques, name="learning_techniques"),
    path("learn/techniques/<slug:slug>", views.technique, name="learning_technique"),
    path("learn/<slug:slug>", views.page, name="learning_page"),
    path("check/", check_views.check, name="learning_check"),
    path("practice/pages", views.review, name="learning_review"),
]
