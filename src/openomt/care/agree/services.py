"""The only writers of askings and agreements. Each change stands in one transaction with its entry in the audit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.agree import door
from openomt.care.agree.answers import (
    THRUST,
    Answers,
    Assent,
    Step,
    Thrust,
    Understood,
    Yes,
    questions,
    steps_of,
)
from openomt.care.agree.models import Agreement, Asking
from openomt.care.agree.telling import codes_of, consent_into
from openomt.care.agree.texts import in_language, plan_text, technique_text
from openomt.care.contact.models import Message
from openomt.care.patients.facts import known
from openomt.care.patients.models import Patient, RefusalEntry
from openomt.care.patients.services import end as end_entry
from openomt.care.patients.services import enter
from openomt.care.portal import links
from openomt.care.portal.access import Visitor
from openomt.care.portal.adults import is_adult
from openomt.care.visits import services as visits
from openomt.care.visits.documents import canonical, digest
from openomt.care.visits.models import Visit
from openomt.medicine.safety.tables import tables

SCHEMA = 1
_MOST_TECHNIQUES = 23
_TALK, _NAME, _ASSENT = 1000, 120, 300


class AskError(ValueError):
    """Why a patient cannot be asked. For the member who tried."""


class AnswerError(ValueError):
    """Why an answer or a signature was not taken: the key of the sentence that says so (`agree.<key>`)."""


# Asking -----------------------------------------------------------------------------------------------


def ask(
    by: User, visit: Visit, techniques: Sequence[str], *, interpreter: str = "", address: str = ""
) -> Asking:
    """Asks the patient about techniques (codes). An open asking of the same plan stays; of another plan, it ends.

    Raises AskError, saying why not.
    """
    codes = list(dict.fromkeys(techniques))
    if unknown := [code for code in codes if code not in tables().cards]:
        raise AskError(f"No technique is called {unknown[0][:20]!r}.")
    if not codes:
        raise AskError("Write or choose at least one technique first.")
    with transaction.atomic():
        held = _draft_visit(visit)
        if held is None:
            raise AskError("This visit is signed. Nothing is asked of it any more.")
        now = Asking.objects.filter(visit=held, ended_at=None).first()
        interpreter = interpreter.strip()[:_NAME]
        if now is not None and now.techniques == codes and now.interpreter == interpreter:
            return now
        if now is not None:
            _end(now)
        made = Asking.objects.create(
            visit=held, techniques=codes[:_MOST_TECHNIQUES], interpreter=interpreter, asked_by=by
        )
        _record(by, "agreement.asked", made, address, {"techniques": codes})
    return made


def send(by: User, asking: Asking) -> Message | None:
    """Sends the patient, or a child's guardian, a link to answer on a phone; None where nobody can be reached."""
    target = door.target_of(asking)
    return links.send(asking.visit.patient, door.DOOR.scope, target, by=by, template="agree", asked_for=True)


def take_back(by: User, asking: Asking, *, address: str = "") -> None:
    """Asks no more. What was signed stays."""
    with transaction.atomic():
        held = _held(asking)
        if held.ended_at is None:
            _end(held)
            _record(by, "agreement.not_asked", held, address)


def talked(by: User, asking: Asking, *, address: str = "") -> None:
    """A member has talked over what the patient wanted to know."""
    with transaction.atomic():
        held = _held(asking)
        if held.wants_to_talk:
            held.talked_at, held.talked_by = timezone.now(), by
            held.save(update_fields=["talked_at", "talked_by"])
            _record(by, "agreement.talked", held, address)


def _end(asking: Asking) -> None:
    asking.ended_at = timezone.now()
    asking.save(update_fields=["ended_at"])


def _record(
    by: User, action: str, asking: Asking, address: str, detail: dict[str, object] | None = None
) -> None:
    audit.record(
        by,
        action,
        patient_id=asking.visit.patient_id,
        subject=f"asking:{asking.uid}",
        detail=detail,
        address=address,
    )


# Looking ----------------------------------------------------------------------------------------------


def asking_of(patient: Patient, uid: uuid.UUID) -> Asking | None:
    """An asking of this patient; None for anybody else's."""
    rows = Asking.objects.select_related("visit__patient", "visit__clinician")
    return rows.filter(uid=uid, visit__patient=patient).first()


def open_asking(visit: Visit) -> Asking | None:
    return Asking.objects.filter(visit=visit, ended_at=None).first()


def newest(visit: Visit) -> Agreement | None:
    """The agreement that counts."""
    return Agreement.objects.select_related("guardian").filter(visit=visit).first()


def agreements_of(patient: Patient) -> list[Agreement]:
    """All that was signed for a patient, newest first: for the list of their documents."""
    return list(Agreement.objects.select_related("asking", "visit").filter(visit__patient=patient))


def is_open(asking: Asking) -> bool:
    """Whether it can still be answered: the visit is not signed, and no other asking took its place."""
    return asking.ended_at is None and asking.visit.state == Visit.State.DRAFT


def audiences(asking: Asking) -> frozenset[str]:
    """For whom its texts are: all, and child or pregnant where that is so."""
    patient, day = asking.visit.patient, asking.visit.date
    found = {"all"}
    if not is_adult(patient):
        found.add("child")
    if known(patient, day).weeks is not None:
        found.add("pregnant")
    return frozenset(found)


def steps(asking: Asking) -> tuple[Step, ...]:
    patient = asking.visit.patient
    return steps_of(tuple(asking.techniques), _months(patient.birth_date), child=not is_adult(patient))


def _months(born: dt.date) -> int:
    day = timezone.localdate()
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def answers_of(asking: Asking) -> Answers:
    return Answers.model_validate(asking.answers)


def never_wanted(patient: Patient) -> frozenset[str]:
    """Codes of what the patient never wants, as it now stands on record."""
    names = patient.refusals.standing().values_list("technique", flat=True)
    return frozenset(code for name in names for code in codes_of(name))


# Answering --------------------------------------------------------------------------------------------


def read(visitor: Visitor, asking: Asking, step: Step) -> None:
    """A step that only tells something was read."""
    _answer(visitor, asking, step, lambda one: one.with_(read=(*{*one.read, step.name},)))


def choose(visitor: Visitor, asking: Asking, step: Step, answer: Yes) -> None:
    """Yes to a technique, not today, or never."""
    _answer(visitor, asking, step, lambda one: one.with_(techniques={**one.techniques, step.key: answer}))


def choose_thrust(visitor: Visitor, asking: Asking, step: Step, answer: Thrust) -> None:
    """Whether thrust is refused altogether: no, today, or always."""
    _answer(visitor, asking, step, lambda one: one.with_(thrust=answer))


def try_question(visitor: Visitor, asking: Asking, step: Step, chosen: str) -> Understood:
    """Answers a question of understanding. One that is done stays as it was answered."""
    question = next(one for one in questions() if one.id == step.key)
    right = next((one.right for one in question.choices if one.id == chosen), None)
    if right is None:
        raise AnswerError("choose_one")
    made = Understood()

    def change(one: Answers) -> Answers:
        nonlocal made
        before = one.questions.get(step.key, Understood())
        made = before if before.done else Understood(tries=before.tries + 1, right=right)
        return one.with_(questions={**one.questions, step.key: made})

    _answer(visitor, asking, step, change)
    return made


def say_assent(visitor: Visitor, asking: Asking, step: Step, answer: Assent, words: str) -> None:
    """What the child says."""
    said = " ".join(words.split())[:_ASSENT]
    _answer(visitor, asking, step, lambda one: one.with_(assent=answer, assent_words=said))


def _answer(visitor: Visitor, asking: Asking, step: Step, change: Callable[[Answers], Answers]) -> None:
    with transaction.atomic():
        held = _held(asking)
        if not is_open(held):
            raise AnswerError("closed")
        if held.signed_at is not None:
            raise AnswerError("signed_already")
        held.answers = change(answers_of(held)).model_dump(mode="json", exclude_defaults=True)
        held.save(update_fields=["answers"])
        visitor.record("agreement.answered", subject=f"asking:{held.uid}", detail={"step": step.name})


def change_mind(visitor: Visitor, asking: Asking) -> None:
    """Opens the answers again. What was signed counts until something else is signed."""
    with transaction.atomic():
        held = _held(asking)
        if not is_open(held):
            raise AnswerError("closed")
        if held.signed_at is not None:
            held.signed_at = None
            held.save(update_fields=["signed_at"])
            visitor.record("agreement.reopened", subject=f"asking:{held.uid}")


def want_to_talk(visitor: Visitor, asking: Asking, words: str) -> None:
    """The patient has questions: the visit's page says so until somebody has talked with them."""
    with transaction.atomic():
        held = _held(asking)
        if not is_open(held):
            raise AnswerError("closed")
        held.talk, held.talk_at, held.talked_at = words.strip()[:_TALK], timezone.now(), None
        held.save(update_fields=["talk", "talk_at", "talked_at"])
        visitor.record("agreement.talk", subject=f"asking:{held.uid}")


# Signing ----------------------------------------------------------------------------------------------


def sign(  # noqa: PLR0913  (one argument for each thing a signature says)
    visitor: Visitor,
    asking: Asking,
    name: str,
    *,
    language: str,
    interpreter: str = "",
    address: str = "",
) -> Agreement:
    """Signs the answers as they stand. They bind the visit at once; what is refused for always, every later one.

    Raises AnswerError naming the sentence that says what is missing.
    """
    name = " ".join(name.split())[:_NAME]
    if sum(letter.isalpha() for letter in name) < 2:
        raise AnswerError("name_missing")
    with transaction.atomic():
        visit = _draft_visit(asking.visit)
        held = _held(asking)
        if visit is None or not is_open(held):
            raise AnswerError("closed")
        if held.signed_at is not None:
            raise AnswerError("signed_already")
        _check(visitor, held)
        before = newest(visit)
        made = _made(visitor, held, name, language, " ".join(interpreter.split())[:_NAME], before)
        made.save(force_insert=True)
        held.signed_at = made.signed_at
        held.save(update_fields=["signed_at"])
        _bind(visit.patient, held, made, address)
        visits.put_in(visit, lambda draft: consent_into(draft, made, before), tab="patient")
        visitor.record(
            "agreement.signed",
            subject=f"agreement:{made.uid}",
            detail={"sha256": made.sha256, "visit": str(visit.uid), "device": made.device},
            address=address,
        )
    return made


def _check(visitor: Visitor, asking: Asking) -> None:
    if not is_adult(asking.visit.patient) and visitor.guardian is None:
        raise AnswerError("needs_guardian")
    answers = answers_of(asking)
    if any(not step.done(answers) for step in steps(asking) if step.kind != "sign"):
        raise AnswerError("not_all")


def _made(  # noqa: PLR0913, PLR0917  (everything that is signed)
    visitor: Visitor, asking: Asking, name: str, language: str, interpreter: str, before: Agreement | None
) -> Agreement:
    answers, here = answers_of(asking), steps(asking)
    told = {code: technique_text(code, language) for code in asking.techniques}
    thrust = answers.thrust if any(step.kind == "thrust" for step in here) else answers.techniques[THRUST]
    child = any(step.kind == "child" for step in here)
    agreement = Agreement(
        asking=asking,
        visit=asking.visit,
        guardian=visitor.guardian,
        supersedes=before,
        language=language,
        interpreter=interpreter,
        techniques=[
            {"code": code, "texts": text.sha256, "answer": answers.techniques[code]}
            for code, text in told.items()
        ],
        thrust=thrust if thrust in ("today", "always") else "",
        understanding=[
            {"id": one.id} | answers.questions[one.id].model_dump(mode="json") for one in questions()
        ],
        assent=(answers.assent or "") if child else "",
        assent_words=answers.assent_words if child else "",
        signed_name=name,
        signed_at=timezone.now(),
        device=Agreement.Device.TABLET if visitor.tablet else Agreement.Device.OWN,
        schema=SCHEMA,
    )
    agreement.document = canonical(_document(agreement, audiences(asking)))
    agreement.sha256 = digest(agreement.document)
    return agreement


def _document(one: Agreement, for_whom: frozenset[str]) -> dict[str, object]:
    """Everything that was shown and answered. Schema 1."""
    visit, patient, guardian = one.visit, one.visit.patient, one.guardian
    return {
        "schema": one.schema,
        "agreement": str(one.uid),
        "supersedes": str(one.supersedes.uid) if one.supersedes else None,
        "visit": {"uid": str(visit.uid), "number": visit.number, "date": visit.date.isoformat()},
        "clinician": str(visit.clinician),
        "patient": {
            "uid": str(patient.uid),
            "family_name": patient.family_name,
            "given_names": patient.given_names,
            "birth_date": patient.birth_date.isoformat(),
        },
        "guardian": {"name": guardian.name, "relation": guardian.relation} if guardian else None,
        "language": one.language,
        "interpreter": one.interpreter,
        "plan": plan_text(one.language, for_whom).as_data()
        | {"texts": plan_text(one.language, for_whom).sha256},
        "techniques": [
            row | {"text": technique_text(row["code"], one.language).as_data()} for row in one.techniques
        ],
        "thrust": one.thrust,
        "understanding": [
            row | {"question": in_language(question, one.language)}
            for row, question in zip(one.understanding, questions(), strict=True)
        ],
        "assent": {"answer": one.assent, "words": one.assent_words} if one.assent else None,
        "signed": {"name": one.signed_name, "at": one.signed_at.isoformat(), "device": one.device},
    }


def _bind(patient: Patient, asking: Asking, made: Agreement, address: str) -> None:
    """What is refused for always stands on record from now on; what was and is not any more, ends."""
    said = {row["code"]: row["answer"] for row in made.techniques}
    said.setdefault(THRUST, made.thrust or "fine")
    held = list(patient.refusals.standing())
    for entry in held:
        codes = codes_of(entry.technique)
        if codes and all(said.get(code, "always") != "always" for code in codes):
            end_entry(entry, None, address=address)
    there = {code for entry in held for code in codes_of(entry.technique)}
    for code, answer in said.items():
        if answer == "always" and code not in there:
            words = f"Signed before visit {asking.visit.number}"
            enter(RefusalEntry, patient, None, technique=code, words=words, address=address)


def _draft_visit(visit: Visit) -> Visit | None:
    """The visit, held until the transaction ends; None where it is no draft any more."""
    row = (
        Visit.objects.select_for_update(of=("self",)).select_related("patient", "clinician").get(pk=visit.pk)
    )
    return row if row.state == Visit.State.DRAFT else None


def _held(asking: Asking) -> Asking:
    rows = Asking.objects.select_for_update(of=("self",))
    return rows.select_related("visit__patient", "visit__clinician").get(pk=asking.pk)
