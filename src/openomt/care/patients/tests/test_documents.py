"""Files kept with a chart: what may be kept, what comes back, and what is said when it cannot."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients import files
from openomt.care.patients.models import Document, Patient

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture
def patient() -> Patient:
    return testing.patient()


@pytest.fixture
def doctor(client: Client) -> Client:
    return testing.signed_in(client, testing.member("physician"))


def send(client: Client, patient: Patient, content: bytes, name: str = "report.pdf", **fields: str) -> int:
    data = {"title": "MRI report", "kind": "report", "file": SimpleUploadedFile(name, content)} | fields
    return client.post(f"/patients/{patient.uid}/documents", data).status_code


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n rest", "image/png"),
        (b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
        (b"II*\x00 rest", "image/tiff"),
        (b"MM\x00* rest", "image/tiff"),
        ("Grüße, señor\nline".encode(), "text/plain"),
        (b"", None),
        (b"MZ\x90\x00\x03", None),
        (b"PK\x03\x04 zip", None),
        (b"\xff\xfe broken", None),
        (b"text with \x1b[31m escape", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, media_type: str | None) -> None:
    assert files.media_type(content) == media_type


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a.pdf.exe", "a.pdf.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\x.pdf", "x.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "document.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_that_is_given_back_is_harmless(name: str, plain: str) -> None:
    assert files.plain_name(name, "application/pdf") == plain


def test_a_file_is_kept_listed_and_comes_back_as_it_was(doctor: Client, patient: Patient) -> None:
    assert send(doctor, patient, PDF, "Bericht ü.pdf", dated="3/4/2026") == 302
    row = Document.objects.get()
    assert (row.media_type, row.size, str(row.dated)) == ("application/pdf", len(PDF), "2026-03-04")
    assert "MRI report" in doctor.get(f"/patients/{patient.uid}/documents").content.decode()
    back = doctor.get(f"/patients/{patient.uid}/documents/{row.uid}")
    assert back.content == PDF
    assert back["Content-Disposition"].startswith("attachment;")
    assert back["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back["Content-Security-Policy"]
    assert back["Cache-Control"] == "no-store"
    actions = set(AuditEvent.objects.filter(patient_id=patient.pk).values_list("action", flat=True))
    assert {"document.added", "documents.read", "document.read"} <= actions


def test_a_page_sent_as_text_is_given_back_as_text(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, b"<script>alert(1)</script>", "x.html")
    row = Document.objects.get()
    back = doctor.get(f"/patients/{patient.uid}/documents/{row.uid}")
    assert back["Content-Type"] == "text/plain; charset=utf-8"
    assert 'filename="x.txt"' in back["Content-Disposition"]


def test_a_file_that_changed_since_is_not_given_out(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    Document.objects.update(content=PDF + b"x")
    back = doctor.get(f"/patients/{patient.uid}/documents/{Document.objects.get().uid}")
    assert back.status_code == 409
    assert PDF not in back.content
    assert AuditEvent.objects.filter(action="document.damaged").exists()


def test_the_same_file_is_noticed(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    again = doctor.post(
        f"/patients/{patient.uid}/documents",
        {"title": "Twice", "kind": "report", "file": SimpleUploadedFile("b.pdf", PDF)},
    )
    assert again.status_code == 422
    assert "already with the chart, as “MRI report”" in again.content.decode()
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00 program", "Only PDF"),
        (b"", "empty"),
        (b"%PDF-" + b"x" * files.LARGEST, "larger than 10 MB"),
        (b"%PDF-" + b"x" * (13 * 1024 * 1024), "larger than 10 MB"),
    ],
    ids=["program", "empty", "over 10 MB", "over 12 MB"],
)
def test_what_cannot_be_kept_is_said(doctor: Client, patient: Patient, content: bytes, words: str) -> None:
    answer = doctor.post(
        f"/patients/{patient.uid}/documents",
        {"title": "Kept title", "kind": "report", "file": SimpleUploadedFile("a.pdf", content)},
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Kept title" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_document_is_marked_and_stays_readable(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    row = Document.objects.get()
    doctor.post(f"/patients/{patient.uid}/documents/{row.uid}/error")
    row.refresh_from_db()
    assert row.in_error
    assert "kept in error" in doctor.get(f"/patients/{patient.uid}/documents").content.decode()
    assert doctor.get(f"/patients/{patient.uid}/documents/{row.uid}").content == PDF
    assert send(doctor, patient, PDF) == 302


def test_a_document_of_another_patient_is_not_found(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    other = testing.patient()
    assert doctor.get(f"/patients/{other.uid}/documents/{Document.objects.get().uid}").status_code == 404


def test_the_front_desk_adds_and_does_not_read(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    desk = testing.signed_in(Client(), testing.member("front_desk"))
    page = desk.get(f"/patients/{patient.uid}/documents")
    assert page.status_code == 200
    assert "MRI report" not in page.content.decode()
    assert send(desk, patient, b"plain text", "a.txt") == 302
    assert desk.get(f"/patients/{patient.uid}/documents/{Document.objects.first().uid}").status_code == 403  # type: ignore[union-attr]


def test_the_auditor_reads_and_does_not_add(doctor: Client, patient: Patient) -> None:
    send(doctor, patient, PDF)
    auditor = testing.signed_in(Client(), testing.member("auditor"))
    assert "MRI report" in auditor.get(f"/patients/{patient.uid}/documents").content.decode()
    send(auditor, patient, b"plain text", "a.txt")
    assert Document.objects.count() == 1
