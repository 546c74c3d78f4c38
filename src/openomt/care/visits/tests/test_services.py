"""Opening, saving, signing, co-signing and adding to visits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Credential, User
from openomt.care.patients.models import MedicineEntry, Patient
from openomt.care.visits import services
from openomt.care.visits.documents import DocumentError, open_document, signed_document
from openomt.care.visits.drafts import Draft, Override, draft_from
from openomt.care.visits.models import DraftSave, Order, SignedVisit, Visit

pytestmark = pytest.mark.django_db
TEXT = "T5 FRSr (2) boggy; BLT; improved\nL3 ERSl (1) restr; BLT; unchanged"


@pytest.fixture
def physician() -> User:
    return testing.member(Role.PHYSICIAN)


@pytest.fixture
def patient() -> Patient:
    return testing.patient()


def written(user: User, patient: Patient, text: str = TEXT, **boxes: Any) -> Visit:
    visit = services.open_visit(user, patient)
    services.save(user, visit, Draft.model_validate({"text": text, **boxes}), base=0, tab="a")
    visit.refresh_from_db()
    return visit


def test_opening_twice_on_one_day_opens_the_same_draft(physician: User, patient: Patient) -> None:
    first = services.open_visit(physician, patient)
    assert services.open_visit(physician, patient) == first
    assert first.number == 1


def test_a_signed_visit_is_followed_by_the_next_number(physician: User, patient: Patient) -> None:
    services.sign(physician, written(physician, patient))
    assert services.open_visit(physician, patient).number == 2


def test_only_clinicians_open_visits(patient: Patient) -> None:
    with pytest.raises(services.VisitError, match="clinician"):
        services.open_visit(testing.member(Role.FRONT_DESK), patient)


def test_a_save_is_in_the_database_with_its_revision(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    saved = services.save(physician, visit, Draft(text="T5"), base=0, tab="a")
    visit.refresh_from_db()
    assert (saved.revision, visit.revision, draft_from(visit.draft).text) == (1, 1, "T5")


def test_saving_the_same_again_changes_nothing(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    services.save(physician, visit, Draft(text="T5"), base=0, tab="a")
    again = services.save(physician, visit, Draft(text="T5"), base=0, tab="a")
    assert (again.revision, again.merged, DraftSave.objects.count()) == (1, False, 1)


def test_two_tabs_on_one_draft_keep_every_word_of_both(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    start = services.save(physician, visit, Draft(text="C4 FRSr\nT5 FRSr"), base=0, tab="a")
    services.save(physician, visit, Draft(text="C4 FRSr; ME\nT5 FRSr"), base=start.revision, tab="a")
    second = services.save(
        physician, visit, Draft(text="C4 FRSr\nT5 FRSr; BLT", plan="Walk"), base=start.revision, tab="b"
    )
    assert second.draft.text == "C4 FRSr; ME\nT5 FRSr; BLT"
    assert second.draft.plan == "Walk"
    assert (second.merged, second.both) == (True, ())


def typed(user: User, visit: Visit, *texts: str, tab: str = "a") -> None:
    """Saves one after another, each made from the one before."""
    for text in texts:
        visit.refresh_from_db()
        services.save(user, visit, Draft(text=text), base=visit.revision, tab=tab)


def test_while_one_person_types_each_save_stands_and_the_audit_tells_of_one(
    physician: User, patient: Patient
) -> None:
    visit = services.open_visit(physician, patient)
    typed(physician, visit, "T5", "T5 FRSr", "T5 FRSr; BLT")
    assert [(one.revision, one.draft["text"], one.by) for one in visit.saves.order_by("revision")] == [
        (1, "T5", physician),
        (2, "T5 FRSr", physician),
        (3, "T5 FRSr; BLT", physician),
    ]
    assert AuditEvent.objects.filter(action="visit.saved").count() == 1


@pytest.mark.parametrize(("seconds", "events"), [(55, 1), (65, 2)])
def test_the_audit_tells_of_a_save_again_after_a_minute_of_rest(
    physician: User, patient: Patient, seconds: int, events: int
) -> None:
    visit = services.open_visit(physician, patient)
    typed(physician, visit, "T5")
    DraftSave.objects.update(at=timezone.now() - dt.timedelta(seconds=seconds))
    typed(physician, visit, "T5 FRSr")
    assert AuditEvent.objects.filter(action="visit.saved").count() == events


def test_another_page_and_another_person_stand_in_the_audit_too(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    typed(physician, visit, "T5")
    typed(physician, visit, "T5 FRSr", tab="b")
    typed(testing.member(Role.TRAINEE), visit, "T5 FRSr; BLT", tab="b")
    assert AuditEvent.objects.filter(action="visit.saved").count() == 3


def test_a_save_that_another_overtook_is_merged(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    typed(physician, visit, "C4 FRSr")
    typed(physician, visit, "C4 FRSr\nT5", tab="b")
    overtaken = Visit.objects.get(pk=visit.pk)
    typed(physician, visit, "C4 FRSr\nT5 FRSr", tab="b")
    late = services.save(
        physician, overtaken, Draft(text="C4 FRSr; ME\nT5"), base=overtaken.revision, tab="b"
    )
    assert (late.draft.text, late.merged, late.revision) == ("C4 FRSr; ME\nT5 FRSr", True, 4)


def test_a_save_that_a_signature_overtook_is_refused(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    overtaken = Visit.objects.get(pk=visit.pk)
    services.sign(physician, visit)
    with pytest.raises(services.VisitError, match="addendum"):
        services.save(physician, overtaken, Draft(text="more"), base=overtaken.revision, tab="a")
    assert not DraftSave.objects.exists()


def test_what_was_typed_on_while_words_came_in_is_merged_from_where_it_was_made(
    physician: User, patient: Patient
) -> None:
    visit = services.open_visit(physician, patient)
    services.save(physician, visit, Draft(text="T5 FRSr"), base=0, tab="b")
    first = services.save(physician, visit, Draft(text="C4"), base=0, tab="a")
    assert first.draft.text == "T5 FRSr\nC4"
    typed_on = services.save(
        physician, visit, Draft(text="C4 FRSr"), base=first.revision, tab="a", origin=Draft(text="C4")
    )
    assert typed_on.draft.text == "T5 FRSr\nC4 FRSr"


def test_a_signed_visit_holds_everything_it_rests_on(physician: User, patient: Patient) -> None:
    MedicineEntry.objects.create(patient=patient, text="Eliquis 5 mg BID", entered_by=physician)
    visit = written(physician, patient, agreed=True, discussed="soreness")
    signed = services.sign(physician, visit)
    document = open_document(signed)
    assert document.draft.text == TEXT
    assert [finding.level.name for finding in document.visit.findings if finding.level] == ["T5", "L3"]
    assert document.data["codes"]["regions"] == ["thoracic", "lumbar"]
    assert any(fact["fact"].startswith("anticoagulant") for fact in document.data["facts"])
    assert document.visit.signature is not None
    assert signed.signed_as in signed.note or physician.name in signed.note
    visit.refresh_from_db()
    assert visit.state == Visit.State.SIGNED
    assert [(row.region, row.severity, row.response) for row in visit.regions.all()] == [
        ("thoracic", 2, "improved"),
        ("lumbar", 1, "unchanged"),
    ]


def test_saves_of_a_draft_end_with_its_signature(physician: User, patient: Patient) -> None:
    services.sign(physician, written(physician, patient))
    assert not DraftSave.objects.exists()


def test_a_signed_visit_takes_no_more_saves(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    services.sign(physician, visit)
    with pytest.raises(services.VisitError, match="addendum"):
        services.save(physician, visit, Draft(text="more"), base=1, tab="a")
    with pytest.raises(services.VisitError, match="already signed"):
        services.sign(physician, visit)


@pytest.mark.parametrize("table", ["visits_signedvisit", "visits_addendum", "visits_cosignature"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET signed_as = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_signed(
    physician: User, patient: Patient, table: str, statement: str
) -> None:
    trainee = testing.member(Role.TRAINEE)
    visit = written(trainee, patient)
    services.sign(trainee, visit)
    services.cosign(physician, visit)
    visit.refresh_from_db()
    services.add_addendum(physician, visit, "More.")
    with pytest.raises(Error, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_document_that_was_changed_is_noticed(physician: User, patient: Patient) -> None:
    signed = services.sign(physician, written(physician, patient))
    signed.document = signed.document.replace("improved", "resolved")
    with pytest.raises(DocumentError):
        open_document(signed)


def test_nobody_signs_what_somebody_else_changed_meanwhile(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    services.save(physician, visit, Draft(text=f"{TEXT}\nC4 FRSr"), base=1, tab="b")
    with pytest.raises(services.VisitError, match="changed this visit"):
        services.sign(physician, visit, revision=1)


def test_nothing_empty_is_signed(physician: User, patient: Patient) -> None:
    with pytest.raises(services.VisitError, match="nothing to sign"):
        services.sign(physician, services.open_visit(physician, patient))


def test_only_whose_visit_it_is_signs_it(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    with pytest.raises(services.VisitError, match="Only they sign"):
        services.sign(testing.member(Role.PHYSICIAN), visit)


@pytest.mark.parametrize(
    "change",
    [
        {"may_sign_omt": False},
        {"valid_to": dt.date(2020, 1, 1)},
        {"valid_from": dt.date(9000, 1, 1)},
    ],
)
def test_omt_is_signed_only_under_a_credential_that_allows_it_on_the_day(
    physician: User, patient: Patient, change: dict[str, Any]
) -> None:
    visit = written(physician, patient)
    Credential.objects.filter(user=physician).update(**change)
    with pytest.raises(services.VisitError, match="credential"):
        services.sign(physician, visit)


def test_a_warning_kept_wants_a_reason_before_the_signature(physician: User, patient: Patient) -> None:
    MedicineEntry.objects.create(patient=patient, text="Eliquis 5 mg BID", entered_by=physician)
    visit = written(physician, patient, "C4 FRSr (2) tender; HVLA; improved")
    with pytest.raises(services.VisitError, match="HVLA cervical"):
        services.sign(physician, visit)
    reasoned = Draft(
        text="C4 FRSr (2) tender; HVLA; improved",
        overrides=(Override(technique="HVLA", region="cervical", reason="as agreed"),),
    )
    services.save(physician, visit, reasoned, base=1, tab="a")
    document = open_document(services.sign(physician, visit))
    assert document.data["alerts"]["kept"][0]["reason"] == "as agreed"


def test_a_trainees_visit_waits_for_a_physician(physician: User, patient: Patient) -> None:
    trainee = testing.member(Role.TRAINEE)
    visit = written(trainee, patient)
    services.sign(trainee, visit)
    visit.refresh_from_db()
    assert visit.state == Visit.State.AWAITING
    with pytest.raises(services.VisitError):
        services.cosign(trainee, visit)
    made = services.cosign(physician, visit, words="Seen with the trainee.")
    visit.refresh_from_db()
    assert visit.state == Visit.State.SIGNED
    assert made.sha256 == SignedVisit.objects.get(visit=visit).sha256
    with pytest.raises(services.VisitError, match="does not wait"):
        services.cosign(physician, visit)


def test_an_addendum_stands_under_a_signed_visit_only(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    with pytest.raises(services.VisitError, match="not signed yet"):
        services.add_addendum(physician, visit, "More.")
    services.sign(physician, visit)
    visit.refresh_from_db()
    before = signed_document(visit)
    services.add_addendum(physician, visit, "More.")
    assert signed_document(visit) == before
    with pytest.raises(services.VisitError, match="Write"):
        services.add_addendum(physician, visit, "  ")


def test_only_an_empty_draft_is_put_away(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    services.abandon(physician, visit)
    visit.refresh_from_db()
    assert visit.state == Visit.State.ABANDONED
    with pytest.raises(services.VisitError):
        services.abandon(physician, written(physician, patient))


def test_each_step_is_in_the_audit_and_none_of_its_words(physician: User, patient: Patient) -> None:
    visit = written(physician, patient)
    services.sign(physician, visit)
    visit.refresh_from_db()
    services.add_addendum(physician, visit, "A private word.")
    events = AuditEvent.objects.filter(patient_id=patient.pk).order_by("pk")
    assert [event.action for event in events if event.actor == physician] == [
        "visit.opened",
        "visit.saved",
        "visit.signed",
        "visit.addendum",
    ]
    assert not any("FRSr" in str(event.detail) or "private" in str(event.detail) for event in events)


def test_saves_of_one_tab_within_a_minute_are_one_event(physician: User, patient: Patient) -> None:
    visit = services.open_visit(physician, patient)
    for n in range(3):
        services.save(physician, visit, Draft(text="T5" * (n + 1)), base=n, tab="a")
    services.save(physician, visit, Draft(text="L3"), base=3, tab="b")
    assert AuditEvent.objects.filter(action="visit.saved").count() == 2
    DraftSave.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    services.save(physician, visit, Draft(text="L4"), base=4, tab="b")
    assert AuditEvent.objects.filter(action="visit.saved").count() == 3


def test_an_order_that_holds_the_treatment_wants_a_reason_until_it_is_read(
    physician: User, patient: Patient
) -> None:
    visit = written(physician, patient)
    order = Order.objects.create(
        patient=patient, visit=visit, kind="imaging", text="MRI lumbar", holds=True, ordered_by=physician
    )
    with pytest.raises(services.VisitError, match="MRI lumbar"):
        services.sign(physician, visit)
    order.state = Order.State.READ
    order.save()
    services.sign(physician, visit)


def test_a_technique_refused_for_always_stands_on_record_and_one_refused_today_does_not(
    physician: User, patient: Patient
) -> None:
    refused = ({"technique": "HVLA", "always": True}, {"technique": "ME", "always": False})
    services.sign(physician, written(physician, patient, refused=refused))
    services.sign(physician, written(physician, patient, refused=refused))
    assert [row.technique for row in patient.refusals.all()] == ["HVLA"]
