"""A patient is asked, answers, signs, changes their mind; what it binds; what nobody can change."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Practice, User
from openomt.care.agree import services
from openomt.care.agree.models import Agreement, Asking
from openomt.care.agree.printing import agreement_pdf
from openomt.care.agree.tests.conftest import Walk, as_patient, visit_of
from openomt.care.agree.texts import technique_text
from openomt.care.contact.models import Message
from openomt.care.patients.merging import merge
from openomt.care.patients.models import Guardian, Patient, RefusalEntry
from openomt.care.patients.services import enter
from openomt.care.portal.access import Scope
from openomt.care.portal.testing import visiting
from openomt.care.testing import member, patient, signed_in
from openomt.care.visits import services as visits
from openomt.care.visits.around import around
from openomt.care.visits.documents import DocumentError, digest
from openomt.care.visits.drafts import Draft, Refused, draft_from
from openomt.care.visits.live import answer
from openomt.care.visits.models import Visit
from openomt.medicine.techniques import Standing

pytestmark = pytest.mark.django_db


def _draft(visit: Visit) -> Draft:
    visit.refresh_from_db()
    return draft_from(visit.draft)


def _signed(asking: Asking) -> Agreement:
    found = services.newest(asking.visit)
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_patient_reads_answers_and_signs(asking: Asking, walk: Walk, language: str) -> None:
    client = as_patient(asking)
    first = client.get(f"/my/agree/{asking.uid}?lang={language}").content.decode()
    for code in asking.techniques:
        assert technique_text(code, language).name in first
    walk(client, asking)
    made = _signed(asking)
    assert (made.agreed, made.refused, made.language, made.device) == (("HVLA", "ME"), {}, language, "own")
    draft = _draft(asking.visit)
    assert draft.agreed
    assert draft.refused == ()
    assert "yes to Thrust (HVLA), Muscle energy (ME)" in draft.discussed
    page = client.get(f"/my/agree/{asking.uid}").content.decode()
    assert {"en": "It is signed", "es": "Está firmado"}[language] in page
    paper = client.get(f"/my/agree/{asking.uid}/signed/{made.uid}/pdf")
    assert paper.content.startswith(b"%PDF")
    assert b"StructTreeRoot" in paper.content
    assert AuditEvent.objects.filter(action="agreement.signed", actor_name="patient").exists()


def test_what_was_shown_is_kept_with_its_hash(asking: Asking, walk: Walk) -> None:
    walk(as_patient(asking), asking, ME="today")
    made = _signed(asking)
    document = json.loads(made.document)
    shown = technique_text("HVLA", "en")
    assert document["techniques"][0]["text"]["name"] == shown.name
    assert [one["texts"] for one in made.techniques] == [
        technique_text(code, "en").sha256 for code in ("HVLA", "ME")
    ]
    assert technique_text("HVLA", "es").sha256 != shown.sha256
    assert made.sha256 == digest(made.document)
    assert document["plan"]["rare"]
    made.document = made.document.replace("today", "yes")
    with pytest.raises(DocumentError):
        agreement_pdf(made, Practice.load())


def test_a_signed_agreement_cannot_be_changed_or_deleted(asking: Asking, walk: Walk) -> None:
    walk(as_patient(asking), asking)
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.update(signed_name="Somebody")
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.all().delete()
    assert Agreement.objects.get().signed_name == "Ana Askedone"


def test_never_stands_on_record_and_binds_this_visit_and_later_ones(
    asking: Asking, walk: Walk, doctor: User
) -> None:
    visit = asking.visit
    walk(as_patient(asking), asking, HVLA="always")
    assert [one.technique for one in visit.patient.refusals.standing()] == ["HVLA"]
    told = answer(_draft(visit), around(visit, cpt=False))
    refused = [one for one in told.warnings if one.region == "refused"]
    assert [(one.technique, one.level) for one in refused] == [("HVLA", "absolute")]
    later = visits.open_visit(doctor, visit.patient, day=visit.date.replace(year=visit.date.year + 1))
    found = answer(Draft(text="T5 FRSr (2)"), around(later, cpt=False))
    assert found.suggested is not None
    assert "HVLA" not in [option.technique for option, _safer, _dose in found.suggested.options]
    assert "HVLA" in [
        option.technique for option, _why in found.suggested.more if option.standing is Standing.REFUSED
    ]
    charted = answer(Draft(text="T5 FRSr (2); HVLA T5"), around(later, cpt=False))
    assert any(one.region == "refused" for one in charted.warnings)


def test_a_refused_technique_is_signed_only_with_a_reason(asking: Asking, walk: Walk, doctor: User) -> None:
    walk(as_patient(asking), asking, HVLA="today")
    with pytest.raises(visits.VisitError, match="does not want this today"):
        visits.sign(doctor, asking.visit)


def test_not_today_binds_today_only(asking: Asking, walk: Walk) -> None:
    walk(as_patient(asking), asking, HVLA="today")
    assert not asking.visit.patient.refusals.exists()
    assert [(one.technique, one.always) for one in _draft(asking.visit).refused] == [("HVLA", False)]


def test_thrust_is_refused_altogether_though_it_is_not_planned(
    doctor: User, ana: Patient, walk: Walk
) -> None:
    asking = services.ask(doctor, visit_of(doctor, ana, "T5 FRSr (2); ME T5"), ["ME"])
    walk(as_patient(asking), asking, thrust="always")
    assert _signed(asking).thrust == "always"
    assert _draft(asking.visit).refused[0].technique == "HVLA"
    assert [one.technique for one in ana.refusals.standing()] == ["HVLA"]


def test_saying_no_to_all_is_no_consent(asking: Asking, walk: Walk) -> None:
    walk(as_patient(asking), asking, HVLA="today", ME="today")
    assert _draft(asking.visit).agreed is False


def test_a_changed_mind_is_a_new_agreement_and_the_old_one_stays(asking: Asking, walk: Walk) -> None:
    client = as_patient(asking)
    walk(client, asking, HVLA="always")
    first = _signed(asking)
    client.post(f"/my/agree/{asking.uid}/change")
    client.post(f"/my/agree/{asking.uid}/step/technique-HVLA", {"answer": "yes"})
    assert _signed(asking) == first, "nothing counts before it is signed"
    client.post(f"/my/agree/{asking.uid}/step/sign", {"name": "Ana Askedone"})
    second = _signed(asking)
    assert second.supersedes == first
    assert second.agreed == ("HVLA", "ME")
    assert not asking.visit.patient.refusals.standing().exists()
    draft = _draft(asking.visit)
    assert draft.refused == ()
    assert draft.discussed.count("Signed 2") == 1
    assert client.get(f"/my/agree/{asking.uid}/signed/{first.uid}/pdf").status_code == 200


def test_what_a_member_entered_is_never_overwritten(asking: Asking, walk: Walk, doctor: User) -> None:
    visit = asking.visit
    typed = _draft(visit).model_copy(
        update={"discussed": "Talked of the fall", "refused": (Refused(technique="CS"),)}
    )
    visits.save(doctor, visit, typed, base=visit.revision, tab="other")
    walk(as_patient(asking), asking, ME="today")
    draft = _draft(visit)
    assert draft.discussed.startswith("Talked of the fall\n")
    assert [one.technique for one in draft.refused] == ["CS", "ME"]


def test_an_open_page_takes_in_what_the_patient_signed(asking: Asking, walk: Walk, doctor: User) -> None:
    visit = asking.visit
    base = visit.revision
    walk(as_patient(asking), asking, HVLA="today")
    mine = _draft(visit).model_copy(update={"agreed": None, "refused": (), "discussed": "", "plan": "Walk"})
    saved = visits.save(doctor, visit, mine, base=base, tab="mine")
    assert (saved.draft.plan, saved.draft.agreed) == ("Walk", True)
    assert saved.draft.refused[0].technique == "HVLA"


def test_a_wrong_answer_is_explained_asked_again_and_never_bars(asking: Asking, walk: Walk) -> None:
    client = as_patient(asking)
    where = f"/my/agree/{asking.uid}/step/question-common"
    client.post(where, {"answer": "fever"})
    again = client.get(where).content.decode()
    assert "try once more" in again
    assert "sore or stiff for a day or two" in again
    client.post(where, {"answer": "numb"})
    assert "You still get care" in client.get(where).content.decode()
    walk(client, asking)
    made = _signed(asking)
    assert made.to_talk_over == ("common",)
    assert "To talk over: common" in _draft(asking.visit).discussed


def test_a_right_answer_goes_on_at_once(asking: Asking) -> None:
    client = as_patient(asking)
    answered = client.post(f"/my/agree/{asking.uid}/step/question-common", {"answer": "sore"})
    assert answered["Location"].endswith("/step/question-bad-pain")


def test_nothing_is_signed_with_an_answer_open_or_without_a_name(asking: Asking, walk: Walk) -> None:
    client = as_patient(asking)
    where = f"/my/agree/{asking.uid}/step/sign"
    early = client.post(where, {"name": "Ana"})
    assert early.status_code == 422
    assert "still open" in early.content.decode()
    assert 'value="Ana"' in early.content.decode()
    assert client.post(where, {"name": " "}).status_code == 422
    assert not Agreement.objects.exists()


def test_an_answer_nobody_offered_is_refused(asking: Asking) -> None:
    client = as_patient(asking)
    for step in ("technique-HVLA", "question-common"):
        answered = client.post(f"/my/agree/{asking.uid}/step/{step}", {"answer": "perhaps"})
        assert answered.status_code == 422
    assert client.get(f"/my/agree/{asking.uid}/step/technique-CS").status_code == 404


def test_a_guardian_signs_for_a_child_who_is_asked_too(
    doctor: User, child: tuple[Patient, Guardian], walk: Walk
) -> None:
    row, guardian = child
    asking = services.ask(doctor, visit_of(doctor, row), ["ME"], interpreter="Ivo Inter")
    client = as_patient(asking, guardian)
    assert "15 children" in client.get(f"/my/agree/{asking.uid}/step/risks").content.decode()
    asked = client.get(f"/my/agree/{asking.uid}/step/child").content.decode()
    assert "Is that OK with you?" in asked
    assert "mark" in asked, "the age from which a child is asked is not confirmed"
    walk(client, asking, name="Gina Little", child="no", words="I am scared", interpreter="Ivo Inter")
    made = _signed(asking)
    assert (made.guardian, made.assent, made.interpreter) == (guardian, "no", "Ivo Inter")
    said = _draft(asking.visit).discussed
    assert "Signed by the guardian, Gina Little (mother)" in said
    assert "The child says no: “I am scared”" in said
    assert agreement_pdf(made, Practice.load()).startswith(b"%PDF")


def test_a_child_alone_does_not_sign(doctor: User, child: tuple[Patient, Guardian]) -> None:
    asking = services.ask(doctor, visit_of(doctor, child[0]), ["ME"])
    client = as_patient(asking, tablet=True)
    refused = client.post(f"/my/agree/{asking.uid}/step/sign", {"name": "Kim Little"})
    assert "parent or guardian" in refused.content.decode()


def test_a_baby_is_not_asked(doctor: User, child: tuple[Patient, Guardian]) -> None:
    row = child[0]
    row.birth_date = row.birth_date.replace(year=row.birth_date.year + 7)
    row.save()
    asking = services.ask(doctor, visit_of(doctor, row), ["MFR"])
    assert "child" not in [step.kind for step in services.steps(asking)]


def test_another_patient_finds_nothing(asking: Asking, walk: Walk) -> None:
    walk(as_patient(asking), asking)
    other = visiting(Client(), patient(), Scope.ALL)
    for path in ("", "/step/risks", "/step/sign", "/questions", f"/signed/{_signed(asking).uid}/pdf"):
        assert other.get(f"/my/agree/{asking.uid}{path}").status_code == 404
    assert other.post(f"/my/agree/{asking.uid}/change").status_code == 404


def test_after_the_visit_is_signed_nothing_is_answered_any_more(
    asking: Asking, walk: Walk, doctor: User
) -> None:
    client = as_patient(asking)
    walk(client, asking)
    visits.sign(doctor, asking.visit)
    assert "nothing to answer" in client.get(f"/my/agree/{asking.uid}").content.decode()
    client.post(f"/my/agree/{asking.uid}/change")
    asking.refresh_from_db()
    assert asking.signed_at is not None
    with pytest.raises(services.AskError):
        services.ask(doctor, asking.visit, ["ME"])


def test_questions_of_the_patient_show_on_the_visit_and_danger_is_told_at_once(
    asking: Asking, doctor: User
) -> None:
    client = as_patient(asking)
    told = client.post(
        f"/my/agree/{asking.uid}/questions", {"words": "I have chest pain and can not breathe"}
    )
    text = told.content.decode()
    assert text.index('class="now"') < text.index("<h1>Your doctor knows")
    staff = signed_in(Client(), doctor)
    panel = staff.get(f"/visits/{asking.visit.uid}/agree/panel").content.decode()
    assert "The patient has questions" in panel
    assert "chest pain" in panel
    assert "danger sign" in panel
    staff.post(f"/visits/{asking.visit.uid}/agree/talked")
    assert "has questions" not in staff.get(f"/visits/{asking.visit.uid}/agree/panel").content.decode()


def test_a_member_asks_by_link_or_on_the_tablet(doctor: User, ana: Patient) -> None:
    visit = visit_of(doctor, ana)
    staff = signed_in(Client(), doctor)
    staff.post(f"/visits/{visit.uid}/agree/ask", {"where": "phone"})
    asking = services.open_asking(visit)
    assert asking is not None
    assert asking.techniques == ["HVLA", "ME"], "what is charted"
    assert Message.objects.get().address == "ana@example.test"
    handed = staff.post(f"/visits/{visit.uid}/agree/ask", {"where": "tablet", "technique": ["HVLA", "ME"]})
    assert handed["Location"] == f"/my/agree/{asking.uid}", "the same plan is not asked twice"
    assert staff.get(handed["Location"]).status_code == 200
    assert staff.get(f"/visits/{visit.uid}").status_code == 302, "the member is signed out"


def test_the_panel_tells_the_page_that_something_was_signed(asking: Asking, walk: Walk, doctor: User) -> None:
    staff = signed_in(Client(), doctor)
    where = f"/visits/{asking.visit.uid}/agree/panel"
    assert "HX-Trigger" not in staff.get(where, {"seen": "0"})
    walk(as_patient(asking), asking)
    answered = staff.get(where, {"seen": "0"})
    assert answered["HX-Trigger"] == "openomt:refresh"
    seen = str(_signed(asking).pk)
    assert "HX-Trigger" not in staff.get(where, {"seen": seen})


def test_what_was_not_asked_and_what_differs_is_shown(asking: Asking, walk: Walk, doctor: User) -> None:
    visit = asking.visit
    walk(as_patient(asking), asking)
    draft = _draft(visit).model_copy(
        update={"text": "T5 FRSr (2); HVLA T5; MFR T5", "refused": (Refused(technique="HVLA"),)}
    )
    visits.save(doctor, visit, draft, base=visit.revision, tab="x")
    page = signed_in(Client(), doctor).get(f"/visits/{visit.uid}/agree").content.decode()
    assert "Not asked yet: Myofascial release (MFR)" in page
    assert "said yes to HVLA; this visit says they refuse it" in page


def test_a_refusal_on_record_is_shown_as_chosen_and_ends_when_it_is_taken_back(
    asking: Asking, walk: Walk
) -> None:
    enter(RefusalEntry, asking.visit.patient, None, technique="HVLA", words="")
    client = as_patient(asking)
    page = client.get(f"/my/agree/{asking.uid}/step/technique-HVLA").content.decode()
    assert "You told us before: never." in page
    assert 'value="always" checked' in page
    walk(client, asking)
    assert not asking.visit.patient.refusals.standing().exists()


def test_another_plan_ends_the_open_asking(asking: Asking, doctor: User) -> None:
    again = services.ask(doctor, asking.visit, ["ME"])
    assert again != asking
    assert "new plan" in as_patient(asking).get(f"/my/agree/{asking.uid}").content.decode()
    with pytest.raises(services.AskError, match="No technique"):
        services.ask(doctor, asking.visit, ["XYZ"])
    with pytest.raises(services.AskError, match="at least one"):
        services.ask(doctor, asking.visit, [])


def test_nobody_is_written_to_who_does_not_want_it_and_the_tablet_stays(doctor: User, ana: Patient) -> None:
    ana.contact = "none"
    ana.save()
    visit = visit_of(doctor, ana)
    staff = signed_in(Client(), doctor)
    answered = staff.post(f"/visits/{visit.uid}/agree/ask", {"where": "phone"}, follow=True)
    assert "Nothing was sent." in answered.content.decode()
    assert not Message.objects.exists()
    assert "On this tablet" in answered.content.decode()


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLER, Role.AUDITOR, Role.OWNER])
def test_only_who_writes_visits_asks(role: Role, asking: Asking) -> None:
    staff = signed_in(Client(), member(role))
    for name in ("ask", "end", "talked"):
        assert staff.post(f"/visits/{asking.visit.uid}/agree/{name}").status_code == 403
    asking.refresh_from_db()
    assert asking.ended_at is None


def test_an_asking_is_taken_back(asking: Asking, doctor: User) -> None:
    signed_in(Client(), doctor).post(f"/visits/{asking.visit.uid}/agree/end")
    assert "nothing to answer" in as_patient(asking).get(f"/my/agree/{asking.uid}").content.decode()


def test_the_patient_door_offers_the_open_asking(asking: Asking, doctor: User) -> None:
    page = signed_in(Client(), doctor).get(f"/patients/{asking.visit.patient.uid}/door").content.decode()
    assert "Agree to the plan, or refuse" in page


def test_two_records_made_one_leave_what_was_signed_unchanged(
    asking: Asking, walk: Walk, doctor: User
) -> None:
    walk(as_patient(asking), asking)
    made = _signed(asking)
    kept = patient(given_names="Ana", family_name="Askedone")
    merge(kept, asking.visit.patient, doctor)
    assert [one.pk for one in services.agreements_of(kept)] == [made.pk]
    assert services.agreements_of(kept)[0].sha256 == digest(services.agreements_of(kept)[0].document)
