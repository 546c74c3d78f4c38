from __future__ import annotations

from django.urls import path

from openomt.care.visits.printing import views

urlpatterns = [
    path("visits/<uuid:uid>/print", views.visit_print, name="visit_print"),
    path("visits/<uuid:uid>/note.pdf", views.visit_pdf, name="visit_pdf"),
    path("visits/<uuid:uid>/letter.pdf", views.visit_letter, name="visit_letter"),
    path("visits/<uuid:uid>/aftercare.pdf", views.visit_aftercare, name="visit_aftercare"),
]
