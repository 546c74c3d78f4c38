"""Keeping answers to questionnaires: scored by the medicine, never changed, marked where entered in error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.models import Patient
from openomt.medicine import instruments
from openomt.medicine.instruments import Alert, Answers, Form, Score, TextMissingError

_WORDS = 200


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered to one instrument."""

    instrument: str
    answers: Answers


def record_answers(  # noqa: PLR0913  (who, of whom, what, when, from where)
    actor: User | None,
    patient: Patient,
    instrument: str,
    answers: Answers,
    on: dt.date,
    *,
    address: str = "",
) -> FormAnswer:
    """Keeps one questionnaire with its score. Raises ScoreError where the medicine refuses an answer."""
    return record_together(actor, patient, [Given(instrument, answers)], on, address=address)[0]


def record_together(
    actor: User | None, patient: Patient, given: Sequence[Given], on: dt.date, *, address: str = ""
) -> list[FormAnswer]:
    """Keeps several questionnaires of one occasion, all or none. Raises ScoreError, naming the item."""
    moment = timezone.now()
    rows = [_row(actor, patient, one, on, moment) for one in given]
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
            audit.record(
                actor,
                "form.recorded",
                patient_id=patient.pk,
                subject=f"form:{row.uid}",
                detail={"instrument": row.instrument},
                address=address,
            )
    return rows


def _row(actor: User | None, patient: Patient, given: Given, on: dt.date, moment: dt.datetime) -> FormAnswer:
    result = instruments.score(given.instrument, given.answers)
    return FormAnswer(
        patient=patient,
        instrument=result.instrument,
        on=on,
        answers=_plain(result),
        score=result.value,
        words=meaning(result)[:_WORDS],
        entered_at=moment,
        entered_by=actor,
    )


def _plain(result: Score) -> dict[str, object]:
    """The answers as they were taken, item by item; what nobody answered is left out."""
    kept: dict[str, object] = {}
    for item in result.items:
        if item.words:
            kept[item.id] = {"value": item.value, "text": item.words}
        elif item.value is not None:
            kept[item.id] = item.value
    return kept


def mark_in_error(actor: User, answer: FormAnswer, *, address: str = "") -> None:
    """Says that a questionnaire was entered in error. It stays on record and counts nowhere."""
    with transaction.atomic():
        changed = FormAnswer.objects.filter(pk=answer.pk, in_error=False).update(in_error=True)
        if not changed:
            return
        audit.record(
            actor,
            "form.entered_in_error",
            patient_id=answer.patient_id,
            subject=f"form:{answer.uid}",
            detail={"instrument": answer.instrument},
            address=address,
        )
    answer.in_error = True


# Reading ---------------------------------------------------------------------------------------------------


def score_of(answer: FormAnswer) -> Score:
    """The whole score of kept answers: items, parts, lines reached, alerts."""
    return instruments.score(answer.instrument, answer.answers)


def alerts_of(answer: FormAnswer) -> tuple[Alert, ...]:
    """The answers in it that a person must see at once."""
    return () if answer.in_error else instruments.urgent(answer.instrument, answer.answers)


def meaning(result: Score) -> str:
    """A score in a few words: its band and every line it reached, with those of its parts and items."""
    words: list[str] = []
    if result.band is not None:
        words.append(result.band.en)
    words += [mark.en for mark in result.positives if result.band is None or mark.en != result.band.en]
    words += [
        f"{sub.abbreviation} {sub.value:g}: {mark.en.partition(':')[0]}"
        for sub in result.subscores
        if sub.value is not None
        for mark in sub.positives
    ]
    if result.value is None:
        words += [f"{item.topic}: {item.band.en}" for item in result.items if item.band is not None]
    if not words and result.value is None:
        return result.reason
    return "; ".join(words)


def newest(answers: Iterable[FormAnswer]) -> dict[str, FormAnswer]:
    """The last one of each instrument. `answers` in order of their day."""
    return {answer.instrument: answer for answer in answers if not answer.in_error}


def shown_form(instrument: str, language: str, only: Sequence[str] = ()) -> tuple[Form, str]:
    """The questions in a language, and why they stand in English instead where they do.

    Raises ScoreError for an instrument that is not shipped.
    """
    try:
        return instruments.form(instrument, language, only), ""
    except TextMissingError as error:
        return instruments.form(instrument, "en", only), str(error)
