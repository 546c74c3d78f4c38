from __future__ import annotations

from django.urls import path

from openomt.care.billing import fee_views, views

urlpatterns = [
    path("claims", views.claims, name="claims"),
    path("claims/code", views.claims_code, name="claims_code"),
    path("claims/export", views.claims_export, name="claims_export"),
    path("claims/list.csv", views.claims_csv, name="claims_csv"),
    path("claims/files", views.claim_files, name="claim_files"),
    path("claims/files/<uuid:uid>", views.claim_file, name="claim_file"),
    path("claims/<uuid:uid>", views.claim, name="claim"),
    path("claims/<uuid:uid>/code", views.claim_code, name="claim_code"),
    path("claims/<uuid:uid>/warnings/<slug:warning>", views.claim_settle, name="claim_settle"),
    path("claims/<uuid:uid>/lines/<int:place>", views.claim_line, name="claim_line"),
    path("claims/<uuid:uid>/pay", views.claim_pay, name="claim_pay"),
    path("claims/<uuid:uid>/superbill.pdf", views.superbill, name="superbill"),
    path("claims/<uuid:uid>/<slug:act>", views.claim_move, name="claim_move"),
    path("fees", fee_views.fees, name="fees"),
    path("fees/add", fee_views.fee_save, name="fee_save"),
    path("fees/import", fee_views.fees_import, name="fees_import"),
    path("fees/list.csv", fee_views.fees_csv, name="fees_csv"),
    path("fees/<uuid:uid>/remove", fee_views.fee_remove, name="fee_remove"),
    path("payers", fee_views.payers, name="payers"),
    path("payers/add", fee_views.payer_add, name="payer_add"),
    path("payers/receiver", fee_views.clearinghouse, name="clearinghouse"),
    path("payers/<uuid:uid>", fee_views.payer, name="payer"),
    path("payers/<uuid:uid>/remove", fee_views.payer_remove, name="payer_remove"),
]
