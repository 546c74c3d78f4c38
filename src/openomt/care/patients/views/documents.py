"""Files kept with a chart: sending one, the list, and getting one back as it was."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients import files, services
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.forms import DocumentForm
from openomt.care.patients.models import Document, Patient

_SANDBOX = "default-src 'none'; sandbox"
_TOO_LARGE = f"The file is larger than {files.LARGEST_WORDS}. Send a smaller one."


@allow(Permission.DOCUMENT_READ, Permission.DOCUMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The documents of a chart, for those who may read them, and the form to add one."""
    user = member(request)
    form = DocumentForm()
    if request.method == "POST" and user.may(Permission.DOCUMENT_WRITE):
        patient = chart_to_change(request, uid)
        form = DocumentForm(request.POST, request.FILES)
        if _is_too_large(request):
            form.add_error("file", _TOO_LARGE)
        elif form.is_valid() and _kept(request, patient, form):
            return redirect("documents", patient.uid)
    else:
        patient = open_chart(request, uid, "documents.read")
    rows = patient.documents.defer("content").select_related("entered_by", "shared_by").order_by("-pk")
    content = {
        "section": "patients",
        "here": "documents",
        "patient": patient,
        "age": age(patient.birth_date, timezone.localdate()),
        "form": form,
        "documents": [row for row in rows if not row.in_error]
        if user.may(Permission.DOCUMENT_READ)
        else None,
        "in_error": [row for row in rows if row.in_error] if user.may(Permission.DOCUMENT_READ) else [],
    }
    return render(request, "patients/documents.html", content, status=422 if form.errors else 200)


def _is_too_large(request: HttpRequest) -> bool:
    """Whether the file was too large to be taken in at all, so that the form has none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return "file" not in request.FILES and length.isdigit() and int(length) > files.LARGEST


def _kept(request: HttpRequest, patient: Patient, form: DocumentForm) -> bool:
    data = form.cleaned_data
    try:
        services.add_document(
            patient,
            member(request),
            data["file"].read(),
            data["file"].name,
            title=data["title"],
            kind=data["kind"],
            dated=data["dated"],
            address=audit.address_of(request),
        )
    except ValidationError as error:
        form.add_error("file", error.messages)
        return False
    messages.success(request, "Document kept.")
    return True


@allow(Permission.DOCUMENT_READ)
@require_safe
def document(request: HttpRequest, uid: uuid.UUID, document_uid: uuid.UUID) -> HttpResponse:
    """The file as it was sent. One that has changed since is not given out."""
    patient = open_chart(request, uid, "document.read", subject=f"document:{document_uid}")
    row = get_object_or_404(Document, uid=document_uid, patient=patient)
    content = bytes(row.content)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), row.sha256):
        audit.record(
            member(request),
            "document.damaged",
            patient_id=patient.pk,
            subject=f"document:{row.uid}",
            address=audit.address_of(request),
        )
        words = "This file is not what was sent: its fingerprint differs. Restore it from a backup."
        return render(request, "site/error.html", {"title": "Damaged document", "message": words}, status=409)
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8" if row.media_type == "text/plain" else row.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, row.name) or "attachment",
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@allow(Permission.DOCUMENT_WRITE)
@require_POST
def document_error(request: HttpRequest, uid: uuid.UUID, document_uid: uuid.UUID) -> HttpResponse:
    """Marks a document as kept in error."""
    patient = chart_to_change(request, uid)
    row = get_object_or_404(Document.objects.defer("content"), uid=document_uid, patient=patient)
    services.mark_in_error(row, member(request), address=audit.address_of(request))
    messages.success(request, "Document marked as kept in error.")
    return redirect("documents", patient.uid)


@allow(Permission.DOCUMENT_WRITE)
@require_POST
def document_share(request: HttpRequest, uid: uuid.UUID, document_uid: uuid.UUID) -> HttpResponse:
    """Puts a document on the patient's page (`shared=1`), or takes it off."""
    patient = chart_to_change(request, uid)
    row = get_object_or_404(Document.objects.defer("content"), uid=document_uid, patient=patient)
    shared = request.POST.get("shared") == "1"
    services.share_document(row, member(request), shared=shared, address=audit.address_of(request))
    messages.success(
        request, "The patient sees it now." if shared and not row.in_error else "The patient does not see it."
    )
    return redirect("documents", patient.uid)
