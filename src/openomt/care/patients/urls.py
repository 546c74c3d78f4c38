"""Addresses of patients."""

from __future__ import annotations

from django.urls import path

from openomt.care.patients.views import documents, duplicates, glass, people, record

_PAIR = "patients/duplicates/<uuid:first>/<uuid:second>"
urlpatterns = [
    path("patients", people.patients, name="patients"),
    path("find", people.find, name="find"),
    path("patients/new", people.patient_new, name="patient_new"),
    path("patients/duplicates", duplicates.duplicates, name="duplicates"),
    path(_PAIR, duplicates.pair, name="duplicate_pair"),
    path(f"{_PAIR}/merge", duplicates.merge, name="merge"),
    path(f"{_PAIR}/two-people", duplicates.not_duplicate, name="not_duplicate"),
    path("patients/<uuid:uid>/unmerge", duplicates.unmerge, name="unmerge"),
    path("patients/<uuid:uid>/edit", people.patient_edit, name="patient_edit"),
    path("patients/<uuid:uid>/restrict", people.restrict, name="restrict"),
    path("patients/<uuid:uid>/open", glass.open_glass, name="open_glass"),
    path("glass", glass.glass, name="glass"),
    path("patients/<uuid:uid>/record", record.record, name="record"),
    path("patients/<uuid:uid>/record/about", record.about, name="record_about"),
    path("patients/<uuid:uid>/record/answer", record.fact_answer, name="fact_answer"),
    path("patients/<uuid:uid>/record/no-allergies", record.allergy_none, name="allergy_none"),
    path("patients/<uuid:uid>/record/goal", record.goal_add, name="goal_add"),
    path("patients/<uuid:uid>/record/goal/now", record.goal_now, name="goal_now"),
    path("patients/<uuid:uid>/record/<slug:kind>/add", record.entry_add, name="entry_add"),
    path("patients/<uuid:uid>/record/<slug:kind>/end", record.entry_end, name="entry_end"),
    path("patients/<uuid:uid>/record/<slug:kind>/error", record.entry_error, name="entry_error"),
    path("patients/<uuid:uid>/documents", documents.documents, name="documents"),
    path("patients/<uuid:uid>/documents/<uuid:document_uid>", documents.document, name="document"),
    path(
        "patients/<uuid:uid>/documents/<uuid:document_uid>/error",
        documents.document_error,
        name="document_error",
    ),
    path(
        "patients/<uuid:uid>/documents/<uuid:document_uid>/share",
        documents.document_share,
        name="document_share",
    ),
]
