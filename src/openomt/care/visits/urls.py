from __future__ import annotations

from django.urls import include, path

from openomt.care.visits import views

urlpatterns = [
    path("patients/<uuid:uid>/visits", views.visit_new, name="visit_new"),
    path("visits/<uuid:uid>", views.visit, name="visit"),
    path("visits/<uuid:uid>/draft", views.visit_draft, name="visit_draft"),
    path("visits/<uuid:uid>/sign", views.visit_sign, name="visit_sign"),
    path("visits/<uuid:uid>/passkey", views.visit_passkey, name="visit_passkey"),
    path("visits/<uuid:uid>/co-sign", views.visit_cosign, name="visit_cosign"),
    path("visits/<uuid:uid>/addenda", views.visit_addendum, name="visit_addendum"),
    path("visits/<uuid:uid>/put-away", views.visit_abandon, name="visit_abandon"),
    path("", include("openomt.care.visits.printing.urls")),
    path("", include("openomt.care.visits.landmark_helper.urls")),
    path("", include("openomt.care.visits.phrases.urls")),
    path("", include("openomt.care.visits.orders.urls")),
    path("", include("openomt.care.visits.rule_settings.urls")),
    path("", include("openomt.care.visits.treatment_card.urls")),
]
