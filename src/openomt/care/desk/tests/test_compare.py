"""Two visits side by side: every difference has a word and a shape, and nothing unexamined is called gone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, User
from openomt.care.desk.compare import compare, region_mark, side, text_mark
from openomt.care.patients.models import Patient
from openomt.care.testing import member, patient, practice, signed_in
from openomt.care.visits import services
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Visit, VisitRegion

pytestmark = pytest.mark.django_db


def row(state: str, severity: int | None = None, findings: str = "") -> VisitRegion:
    return VisitRegion(region="sacral", state=state, severity=severity, findings=findings)


FOUND = row("findings", 2, "L on L")


@pytest.mark.parametrize(
    ("old", "new", "word", "shape"),
    [
        (None, None, "Same", "same"),
        (None, FOUND, "Not examined the first time", "none"),
        (FOUND, None, "Not examined the second time", "none"),
        (FOUND, row("not_examined"), "Not examined the second time", "none"),
        (row("normal"), row("normal"), "Same", "same"),
        (row("normal"), FOUND, "New", "diamond"),
        (FOUND, row("normal"), "Gone", "check"),
        (FOUND, row("findings", 1, "L on L"), "Less severe", "down"),
        (FOUND, row("findings", 3, "L on L"), "More severe", "up"),
        (FOUND, row("findings", 2, "L on R"), "Other findings", "diamond"),
        (FOUND, row("findings", None, "L on L"), "Same", "same"),
        (FOUND, row("findings", 2, "L on L"), "Same", "same"),
        (row("findings", 0, "L on L"), FOUND, "More severe", "up"),
    ],
)
def test_what_became_of_a_region(
    old: VisitRegion | None, new: VisitRegion | None, word: str, shape: str
) -> None:
    mark = region_mark(old, new)
    assert (mark.word, mark.shape) == (word, shape)
    assert mark.same == (word == "Same")


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [("", "x", "Added"), ("x", "", "Left out"), ("x", "y", "Changed"), ("x", "x", "Same")],
)
def test_what_became_of_words(one: str, other: str, word: str) -> None:
    assert text_mark(one, other).word == word


@pytest.fixture
def doctor() -> User:
    practice(zone="UTC")
    return member("physician")


def signed(by: User, who: Patient, back: int, draft: Draft) -> Visit:
    visit = services.open_visit(by, who, day=timezone.localdate() - dt.timedelta(days=back))
    saved = services.save(by, visit, draft, base=0, tab="test")
    services.sign(by, visit, revision=saved.revision)
    visit.refresh_from_db()
    return visit


def pair(by: User) -> tuple[Patient, Visit, Visit]:
    who = patient()
    first = signed(
        by, who, 14, Draft(text="T5 FRSr (3); ME T5; improved\nC4 ERSl (1)", agreed=True, plan="Walk")
    )
    second = signed(
        by,
        who,
        0,
        Draft(text="T5 FRSr (2); BLT T5; improved\nL on L (2)", agreed=True, plan="Swim", goal="Sit"),
    )
    return who, first, second


def page(who: User, one: Patient, **query: object) -> str:
    asked = {name: str(value) for name, value in query.items()}
    answer = signed_in(Client(), who).get(reverse("compare", args=[one.uid]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_signed_visits_are_compared_from_their_documents(doctor: User) -> None:
    _, first, second = pair(doctor)
    both = compare(side(first, cpt=False), side(second, cpt=False))
    assert not both.first.broken
    assert {one.region: one.mark.word for one in both.regions} == {
        "Cervical": "Not examined the second time",
        "Thoracic": "Less severe",
        "Sacral": "Not examined the first time",
    }
    assert {one.label: one.mark.word for one in both.texts} == {"Plan": "Changed", "Goal": "Added"}
    assert {one.label: one.mark.word for one in both.codes}["M99.02"] == "Same"
    thoracic = next(one for one in both.regions if one.region == "Thoracic")
    assert [cell.techniques for cell in thoracic.cells] == ["ME", "BLT"]


def test_the_code_of_the_treatment_is_shown_only_where_the_practice_may(doctor: User) -> None:
    _, first, _ = pair(doctor)
    assert all(code.startswith("M") for code, _ in side(first, cpt=False).codes)


def test_a_document_that_was_changed_is_named_and_not_shown(doctor: User) -> None:
    who, first, _second = pair(doctor)
    first.signed.document += " "
    broken = side(first, cpt=False)
    assert "changed" in broken.broken
    assert broken.codes == ()
    assert page(doctor, who)


def test_the_page_shows_both_with_words_for_every_difference(doctor: User) -> None:
    who, first, second = pair(doctor)
    html = page(doctor, who, a=first.uid, b=second.uid)
    text = plain(html)
    for words in (
        "T5 FRSr",
        "Less severe",
        "Not examined the second time",
        "Walk",
        "Swim",
        "Changed",
        "Codes, as signed",
    ):
        assert words in text, words
    differing = html.count('<tr class="differs"')
    assert f"{differing} differences" in text
    assert AuditEvent.objects.get(action="visits.compared").subject == "visits:1,2"


def test_the_last_two_are_compared_where_none_is_named_and_a_draft_is_marked(doctor: User) -> None:
    who, _first, second = pair(doctor)
    draft = Visit.objects.create(
        patient=who, clinician=doctor, number=3, date=timezone.localdate(), draft={"text": "T5 FRSr (1)"}
    )
    html = page(doctor, who)
    assert re.search(rf'value="{second.uid}" selected', html)
    assert re.search(rf'value="{draft.uid}" selected', html)
    assert '<span class="unsigned">draft</span>' in html


@pytest.mark.parametrize("asked", ["x", "' OR 1=1 --", "5f0c9a52-3f0e-4a3c-9d0e-2f7f5d9f2b11", "é🙂" * 500])
def test_a_visit_that_is_not_this_patients_is_not_shown(doctor: User, asked: str) -> None:
    who, _, _ = pair(doctor)
    other, strange, _ = pair(doctor)
    assert other != who
    for value in (asked, str(strange.uid)):
        assert "There is no such visit of this patient" in page(doctor, who, a=value)


def test_one_visit_cannot_be_compared_yet(doctor: User) -> None:
    who = patient()
    assert "There is no visit yet" in page(doctor, who)
    signed(doctor, who, 0, Draft(text="T5 FRSr"))
    assert "There is one visit so far" in page(doctor, who)
