"""Note, letter and aftercare sheet on paper: what stands on them, and that nothing a person writes can break them."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Practice, User
from openomt.care.visits import services
from openomt.care.visits.documents import DocumentError
from openomt.care.visits.drafts import Circumstances, Draft, value
from openomt.care.visits.models import Visit
from openomt.care.visits.printing import (
    Addition,
    Letterhead,
    PrintableVisit,
    PrintedPatient,
    Recipient,
    Signed,
    aftercare_pdf,
    letter_pdf,
    note_pdf,
)
from openomt.care.visits.printing.aftercare import aftercare_data
from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.letter import letter_data
from openomt.care.visits.printing.note import note_data
from openomt.care.visits.printing.source import printable
from openomt.care.visits.signing import code_lines
from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare
from openomt.medicine.coding import code
from openomt.medicine.narrative import note, to_text

DAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, 14, 41, tzinfo=dt.UTC)
CHARTED: dict[str, Any] = {
    "text": "T5 FRSr (2) tender; ribs 3-5 inh L\nME T5, ribs 3-5; improved",
    "complaint": "Mid back pain",
    "history": "Three weeks\nNo injury",
    "assessment": "Mechanical back pain",
    "diagnoses": "M54.6",
    "agreed": True,
    "discussed": "soreness",
    "goal": "Sit an hour",
    "exercise": "Cat-camel twice a day",
    "aftercare": True,
}
TOLD = value(Draft(**CHARTED), Circumstances(date=DAY, performer="Grace Physician, DO"))
PRINTED = PrintableVisit(
    practice=Letterhead(
        "Test Practice", "100 Example Street", "Springfield, OH 45501", "555-0100", zone="America/New_York"
    ),
    patient=PrintedPatient("Example", "Ada", dt.date(1992, 3, 4), "Female"),
    visit=TOLD,
    clinician="Grace Physician, DO",
    number=4,
    date=DAY,
    location="Main Street",
    signed=Signed("Grace Physician, DO", AT),
    codes=code_lines(code(TOLD)),
    sha256="ab12" * 16,
)
MAKERS = {"note": note_pdf, "letter": letter_pdf, "aftercare": aftercare_pdf}
TOOLS = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")


def read(content: bytes, tmp_path: Path, *, page: int | None = None) -> str:
    """The words of a PDF."""
    file = tmp_path / "made.pdf"
    file.write_bytes(content)
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    done = subprocess.run(["pdftotext", "-layout", *pages, file, "-"], capture_output=True, check=True)  # noqa: S607
    return done.stdout.decode()


def about(content: bytes, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "made.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdfinfo", *options, file], capture_output=True, check=True)  # noqa: S607
    return done.stdout.decode()


# Every document ---------------------------------------------------------------------------------------------


@TOOLS
@pytest.mark.parametrize("name", MAKERS)
def test_it_is_tagged_and_has_a_title_and_headings(name: str, tmp_path: Path) -> None:
    made = MAKERS[name](PRINTED)
    assert b"pdfuaid:part" in made
    told = about(made, tmp_path)
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(r"Title:\s+\S", told)
    structure = about(made, tmp_path, "-struct")
    assert "H1" in structure
    assert "H2" in structure


@TOOLS
@pytest.mark.parametrize("name", MAKERS)
def test_each_page_names_the_patient_and_counts(name: str, tmp_path: Path) -> None:
    long = replace(TOLD, history="\n".join(f"line {n}" for n in range(150)), assessment="word " * 1500)
    made = MAKERS[name](
        replace(PRINTED, visit=replace(long, plan=replace(long.plan, goals=("go " * 900,) * 3)))
    )
    pages = int(re.search(r"Pages:\s+(\d+)", about(made, tmp_path))[1])  # type: ignore[index]
    assert pages > 1
    for page in range(1, pages + 1):
        text = read(made, tmp_path, page=page)
        assert f"Page {page} of {pages}" in text
        if name != "aftercare":
            assert "Example, Ada · born 1992-03-04" in text


@TOOLS
@pytest.mark.parametrize("name", MAKERS)
def test_a_draft_says_so_on_each_page(name: str, tmp_path: Path) -> None:
    made = MAKERS[name](replace(PRINTED, signed=None))
    pages = int(re.search(r"Pages:\s+(\d+)", about(made, tmp_path))[1])  # type: ignore[index]
    for page in range(1, pages + 1):
        assert "Draft" in read(made, tmp_path, page=page)
    assert "Draft, not signed" not in read(MAKERS[name](PRINTED), tmp_path)


ODD = [
    "עברית وعربية",
    "王小明",
    "😀 🇺🇸 👩‍⚕️",
    "\x00\x07\x1b[31m",
    "\u202ereversed\u2066",
    "\ud800",
    "*bold* _it_ #let x = 1 $x$ @cite <label> \\ `raw` // comment /* more */",
    "</script><b>&amp;",
    "नमस्ते ไทย ﷽",
    "a\u0301\u0302\u0303" * 20,
    "x" * 3000,
    "",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", MAKERS)
def test_any_text_can_be_printed(name: str, odd: str) -> None:
    visit = replace(
        TOLD,
        chief_complaint=odd,
        history=f"{odd}\n{odd}",
        plan=replace(TOLD.plan, goals=(odd,)),
        consent=replace(TOLD.consent, discussed=(odd,)),
    )
    made = MAKERS[name](
        replace(
            PRINTED,
            visit=visit,
            patient=PrintedPatient(odd, odd, dt.date(1992, 3, 4), odd),
            practice=replace(PRINTED.practice, name=odd, phone=odd),
            clinician=odd,
            signed=Signed(odd, AT, odd),
            addenda=(Addition(odd, odd, AT),),
            to=Recipient(odd, (odd, odd)),
        )
    )
    assert made.startswith(b"%PDF-")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_note(text: str) -> None:
    visit = replace(TOLD, chief_complaint=text, assessment=text)
    assert note_pdf(replace(PRINTED, visit=visit)).startswith(b"%PDF-")


@TOOLS
def test_a_letter_no_font_has_is_printed_by_its_number_and_only_it(tmp_path: Path) -> None:
    text = read(note_pdf(replace(PRINTED, visit=replace(TOLD, chief_complaint="Frau 王 aß é"))), tmp_path)
    assert "Frau <U+738B> aß é" in text


@TOOLS
def test_markup_is_printed_as_it_was_written(tmp_path: Path) -> None:
    words = "*bold* #let x = 1 $y$ <label> \\ @cite"
    assert words in read(note_pdf(replace(PRINTED, visit=replace(TOLD, chief_complaint=words))), tmp_path)


def test_a_note_of_the_greatest_length_is_printed() -> None:
    assert note_pdf(replace(PRINTED, visit=replace(TOLD, history="word " * 20_000))).startswith(b"%PDF-")


def test_many_threads_print_at_once() -> None:
    made: list[bytes] = []

    def work(number: int) -> None:
        for _ in range(4):
            made.append(note_pdf(replace(PRINTED, number=number)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 24


@pytest.mark.parametrize("name", MAKERS)
def test_a_warm_document_is_quick(name: str) -> None:
    MAKERS[name](PRINTED)
    times = []
    for number in range(7):
        begun = time.perf_counter()
        MAKERS[name](replace(PRINTED, number=number))
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.1  # the machine may be busy with other things


def test_a_mistake_in_a_template_is_not_hidden() -> None:
    import typst

    from openomt.care.visits.printing.note import TEMPLATE

    with pytest.raises(typst.TypstError):
        pdf(TEMPLATE, {})


# The note ---------------------------------------------------------------------------------------------------


def test_the_note_that_was_signed_is_the_note_that_is_printed() -> None:
    signed_note = to_text(note(TOLD, codes=PRINTED.codes))
    data = note_data(replace(PRINTED, signed_note=signed_note))
    assert data["verbatim"] == []
    assert [section["title"] for section in data["sections"]][:2] == ["Subjective", "Objective"]


def test_a_note_that_reads_otherwise_today_is_printed_in_the_words_that_were_signed() -> None:
    signed_note = to_text(note(TOLD, codes=PRINTED.codes)).replace("Mechanical", "Some older")
    data = note_data(replace(PRINTED, signed_note=signed_note))
    assert data["sections"] == []
    assert any("Some older back pain" in block["text"] for block in data["verbatim"])
    kept = "".join(block["title"] + block["text"] for block in data["verbatim"])
    assert re.sub(r"\s", "", kept).casefold() == re.sub(r"\s", "", signed_note).casefold()
    assert note_pdf(replace(PRINTED, signed_note=signed_note)).startswith(b"%PDF-")


@TOOLS
def test_signatures_and_addenda_stand_under_the_note(tmp_path: Path) -> None:
    cosigned = Signed("Clara Attending, DO", AT + dt.timedelta(hours=1), "Seen together")
    later = Addition("Slept through.\nNo soreness.", "Grace Physician, DO", AT + dt.timedelta(days=1))
    text = read(note_pdf(replace(PRINTED, cosigned=cosigned, addenda=(later,))), tmp_path)
    for words in (
        "Signed electronically by Grace Physician, DO",
        "2026-11-23, 9:41 AM EST",
        "Co-signed electronically by Clara Attending, DO",
        "Seen together",
        "Addendum 1",
        "No soreness.",
        "document ab12ab12ab12",
    ):
        assert words in text


def test_a_trainees_note_says_that_it_awaits_a_co_signature() -> None:
    assert note_data(replace(PRINTED, awaits=True))["standing"] == "Signed, awaiting co-signature"
    cosigned = replace(PRINTED, awaits=True, cosigned=Signed("Clara Attending, DO", AT))
    assert note_data(cosigned)["standing"] == ""


def test_the_notice_of_the_ama_stands_only_beside_its_numbers() -> None:
    assert note_data(PRINTED)["notice"] == ""
    assert "American Medical Association" in note_data(replace(PRINTED, shows_cpt=True))["notice"]


# The letter -------------------------------------------------------------------------------------------------


def test_the_letter_tells_findings_treatment_and_plan_and_no_codes() -> None:
    visit = replace(
        PRINTED, codes=code_lines(code(TOLD, cpt=True)), to=Recipient("Dr. Referring", ("1 Way",))
    )
    data = letter_data(visit)
    titles = [section["title"] for section in data["sections"]]
    assert titles == ["Complaint", "Findings", "Assessment", "Treatment", "Plan"]
    assert data["salutation"] == "Dear Dr. Referring,"
    assert data["to"] == ["Dr. Referring", "1 Way"]
    text = str(data)
    assert "98925" not in text
    assert "M54.6" not in text
    assert "T5 flexed, rotated right, sidebent right" in text


def test_a_letter_without_a_name_begins_dear_colleague() -> None:
    assert letter_data(PRINTED)["salutation"] == "Dear colleague,"


# The aftercare sheet ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_of_advice_stands_on_the_sheet_as_knowledge_has_it(language: str) -> None:
    data = aftercare_data(PRINTED, language)
    printed = [
        *(line for part in data["advice"] for line in part["lines"]),
        *data["same-day"]["lines"],
        *data["emergency"]["lines"],
    ]
    known = [record.en if language == "en" else record.es for record in load().all(Aftercare)]
    assert sorted(printed) == sorted(known)
    assert all("911" in line for line in data["emergency"]["lines"])
    assert data["lang"] == language


def test_the_spanish_sheet_says_that_it_awaits_a_translator() -> None:
    assert any("traductor" in notice for notice in aftercare_data(PRINTED, "es")["notices"])
    assert not any("translator" in notice for notice in aftercare_data(PRINTED, "en")["notices"])


def test_the_plan_is_told_in_the_physicians_words_without_naming_the_sheet_itself() -> None:
    said = {one["label"]: one["text"] for one in aftercare_data(PRINTED)["next"]}
    assert said["Your goal"] == "Sit an hour"
    assert "sheet" not in " ".join(said.values())


def test_a_method_that_served_two_regions_is_explained_once() -> None:
    done = aftercare_data(PRINTED)["parts"][0][0]
    how = [one["text"] for one in done["sentences"] if one["label"] == "How it is done"]
    assert len([given for given in TOLD.treatments if given.technique == "muscle_energy"]) == 2
    assert len(how) == 1


def test_check_ins_and_the_next_visit_stand_in_the_practices_time() -> None:
    visit = replace(PRINTED, check_ins=(DAY + dt.timedelta(days=1),), next_visit=AT + dt.timedelta(days=14))
    said = {one["label"]: one["text"] for one in aftercare_data(visit, "es")["next"]}
    assert said["Le preguntaremos cómo está"] == "24 de noviembre de 2026"
    assert said["Su próxima visita"] == "7 de diciembre de 2026, 9:41 a.m."


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en and es"):
        aftercare_pdf(PRINTED, "fr")


@TOOLS
def test_danger_stands_on_the_first_page_whatever_was_found(tmp_path: Path) -> None:
    text = "\n".join(f"T{n} FRSr tender" for n in range(1, 12)) + "\nME T1-T12 improved"
    told = value(Draft(**(CHARTED | {"text": text})), Circumstances(date=DAY))
    first = read(aftercare_pdf(replace(PRINTED, visit=told)), tmp_path, page=1)
    assert "Call 911 now" in first


# From the database ------------------------------------------------------------------------------------------


@pytest.fixture
def doctor(db: None) -> User:
    testing.practice(name="Test Practice")
    return testing.member(Role.PHYSICIAN, name="Grace Physician")


def chart(doctor: User, *, sign: bool, **draft: Any) -> Visit:
    visit = services.open_visit(doctor, testing.patient(family_name="Example"), location=testing.location())
    saved = services.save(doctor, visit, Draft(**(CHARTED | draft)), base=0, tab="test")
    if sign:
        services.sign(doctor, visit, revision=saved.revision)
    return Visit.objects.get(pk=visit.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("cpt", [False, True])
def test_a_signed_visit_prints_as_signed(doctor: User, cpt: bool) -> None:
    from django.utils import timezone

    testing.practice(cpt_confirmed_at=timezone.now() if cpt else None)
    visit = chart(doctor, sign=True)
    testing.practice(cpt_confirmed_at=None if cpt else timezone.now())  # switched after signing
    printed = printable(visit, Practice.load())
    data = note_data(printed)
    assert data["verbatim"] == []
    assert data["standing"] == ""
    assert printed.shows_cpt is cpt
    assert ("98925" in str(data["sections"])) is cpt


@pytest.mark.django_db
def test_a_name_changed_after_signing_does_not_change_the_signed_note(doctor: User) -> None:
    visit = chart(doctor, sign=True)
    visit.patient.family_name = "Changed"
    visit.patient.save()
    assert printable(visit, Practice.load()).patient.family_name == "Example"


@pytest.mark.django_db
def test_a_document_that_was_changed_is_not_printed(doctor: User, client: Client) -> None:
    from openomt.care.visits.models import SignedVisit

    visit = chart(doctor, sign=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openomt.care.visits.documents.digest", lambda _text: "0" * 64)
        with pytest.raises(DocumentError):
            printable(visit, Practice.load())
        answer = testing.signed_in(client, doctor).get(reverse("visit_pdf", args=[visit.uid]))
    assert answer.status_code == 409
    assert b"Restore it from a backup" in answer.content
    assert SignedVisit.objects.filter(visit=visit).exists()


NAMES = ("visit_pdf", "visit_letter", "visit_aftercare")


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_each_form_is_a_pdf_that_no_cache_keeps_and_the_audit_knows(
    doctor: User, client: Client, name: str, sign: bool
) -> None:
    visit = chart(doctor, sign=sign)
    answer = testing.signed_in(client, doctor).get(reverse(name, args=[visit.uid]))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Example" not in answer.headers["Content-Disposition"]
    event = AuditEvent.objects.latest("pk")
    assert event.action.endswith(".print")
    assert event.patient_id == visit.patient_id


@pytest.mark.django_db
def test_a_letter_is_addressed_and_long_addresses_are_cut(doctor: User, client: Client) -> None:
    visit = chart(doctor, sign=True)
    where = reverse("visit_letter", args=[visit.uid])
    browser = testing.signed_in(client, doctor)
    for to, address in (("Dr. Referring", "1 Way\n\nTown"), ("x" * 9000, "y\n" * 9000), ("", "\x00\u202e")):
        assert browser.get(where, {"to": to, "address": address}).status_code in (200, 400)


@pytest.mark.django_db
def test_the_sheet_comes_in_the_patients_language_or_the_one_asked_for(doctor: User, client: Client) -> None:
    visit = chart(doctor, sign=True)
    visit.patient.language = "es"
    visit.patient.save()
    where, browser = reverse("visit_aftercare", args=[visit.uid]), testing.signed_in(client, doctor)
    assert "-es.pdf" in browser.get(where).headers["Content-Disposition"]
    assert "-en.pdf" in browser.get(where, {"language": "en"}).headers["Content-Disposition"]
    assert browser.get(where, {"language": "xx"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_read_visits_prints_them(doctor: User, role: Role) -> None:
    from openomt.care.accounts.access import POLICIES, Permission

    visit = chart(doctor, sign=True)
    browser = testing.signed_in(Client(), testing.member(role))
    may = Permission.VISIT_READ in POLICIES[role]
    for name in (*NAMES, "visit_print"):
        assert browser.get(reverse(name, args=[visit.uid])).status_code == (200 if may else 403)


@pytest.mark.django_db
def test_the_page_of_printed_forms_names_them(doctor: User, client: Client) -> None:
    visit = chart(doctor, sign=False)
    text = testing.signed_in(client, doctor).get(reverse("visit_print", args=[visit.uid])).content.decode()
    assert "Draft: each page says so" in text
    assert reverse("visit_pdf", args=[visit.uid]) in text
