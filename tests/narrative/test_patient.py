"""The patient's summary: plain words in two languages, from the visit only, with no promise and no code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from openomt.knowledge import load
from openomt.knowledge.narrative import AWAITING_TRANSLATOR, Phrase, PlainName, slots
from openomt.knowledge.vocabulary import Technique
from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.narrative import Summary, patient_summary, to_text
from openomt.medicine.visit import Consent, ExamState, Plan, Response, Treatment, Visit
from tests.reading_level import grade

L, R, B = Side.LEFT, Side.RIGHT, Side.BILATERAL
TENDER = (Tart.TENDERNESS,)
GRADE = 6
FORBIDDEN = re.compile(
    r"toxin|\bcure|heal(s|ed|ing)\b|guarantee|always works|toxina|\bcura\b|\bcurar", re.IGNORECASE
)
JARGON = re.compile(
    r"dysfunction|somatic|disfunci|somátic|lesion|lesión|TART|HVLA|thrust|M99|\b\d{5}\b|supine|prone|sidebent",
    re.IGNORECASE,
)


def own_lines(told: Summary) -> list[str]:
    """Every sentence with its label; words quoted from the physician are left out."""
    return [
        (f"{s.label}: {s.text}" if s.label else s.text)
        for part in told.parts
        for s in part.sentences
        if not s.quoted
    ]


def spine(motion: SpinalMotion | None = None, **more: object) -> Finding:
    return replace(Finding(Region.THORACIC, segment_level("T5"), motion=motion), **more)  # type: ignore[arg-type]


# What a visit holds -> what the patient reads.
ENGLISH: list[tuple[Visit, list[str]]] = [
    (Visit(), []),
    (Visit(findings=(spine(SpinalMotion(Plane.FLEXED, R, R)),)),
     ["By touch, we found a change in your upper and middle back."]),
    (Visit(findings=(spine(SpinalMotion(Plane.FLEXED, frame=Frame.RESTRICTION), tart=TENDER),)),
     ["By touch, we found a change in your upper and middle back.",
      "Some part of it did not move freely.", "It was sore to the touch."]),
    (Visit(findings=(spine(tart=(Tart.TISSUE_TEXTURE, Tart.ASYMMETRY)),)),
     ["By touch, we found a change in your upper and middle back.",
      "The soft tissue there did not feel as usual.", "The two sides did not match."]),
    (Visit(findings=(spine(SpinalMotion(rotation=R, inferred=("rotation",))),)), []),
    (Visit(findings=(spine(), spine(severity=0), spine(tart=TENDER, absent=True))), []),
    (Visit(findings=(Finding(Region.RIB, rib_level(3, 5), L, pattern="inhalation"),)),
     ["By touch, we found a change in your ribs, on the left side."]),
    (Visit(findings=(Finding(Region.RIB, rib_level(3), L, tart=TENDER),
                     Finding(Region.RIB, rib_level(8), R, tart=TENDER))),
     ["By touch, we found a change in your ribs, on both sides.", "It was sore to the touch."]),
    (Visit(findings=(Finding(Region.RIB, rib_level(3), L, tart=TENDER), Finding(Region.RIB, tart=TENDER))),
     ["By touch, we found a change in your ribs.", "It was sore to the touch."]),
    (Visit(findings=(spine(side=L, tart=TENDER),)),
     ["By touch, we found a change in your upper and middle back.", "It was sore to the touch."]),
    (Visit(findings=(Finding(Region.SACRAL, named_level("spring test", LevelKind.TEST),
                     pattern="positive"),)), []),
    (Visit(findings=(Finding(Region.LUMBAR, absent=True),)),
     ["We checked your low back by touch. We found no problem there."]),
    (Visit(states=((Region.HEAD, ExamState.NORMAL),)),
     ["We checked your head by touch. We found no problem there."]),
    (Visit(states=((Region.HEAD, ExamState.NOT_EXAMINED),)), []),
    (Visit(treatments=(Treatment("hvla", Region.CERVICAL), Treatment("HVLA", Region.CERVICAL))),
     ["We treated your neck by hand.",
      "How it is done: A quick, small push on a joint. You may hear a pop."]),
    (Visit(treatments=(Treatment(None, Region.CERVICAL),)), ["We treated your neck by hand."]),
    (Visit(treatments=(Treatment("zzz"),)),
     ["We treated you by hand.", "How it is done: A hands-on method."]),
    (Visit(consent=Consent(given=True, refused=("hvla",))),
     ["You agreed to the treatment.",
      "You asked us not to use this: A quick, small push on a joint. You may hear a pop."]),
    (Visit(consent=Consent(given=False)), ["You did not agree to the treatment."]),
    (Visit(responses=((Region.HEAD, Response.RESOLVED), (Region.CERVICAL, Response.IMPROVED),
                      (Region.LUMBAR, Response.UNCHANGED), (Region.RIB, Response.WORSE))),
     ["After the treatment, we no longer felt the change in your head.",
      "After the treatment, things were better in your neck.",
      "After the treatment, things were the same in your low back.",
      "After the treatment, things were worse in your ribs."]),
    (Visit(findings=(Finding(Region.CERVICAL, named_level("PC3", LevelKind.POINT), pain=(8, 2)),)),
     ["Pain at one spot in your neck: 8 out of 10 before, 2 out of 10 after."]),
    (Visit(complications_asked=True), ["We saw no problem from the treatment."]),
]  # fmt: skip


@pytest.mark.parametrize(("visit", "expected"), ENGLISH)
def test_the_patient_reads_in_plain_english_what_the_visit_holds(visit: Visit, expected: list[str]) -> None:
    assert own_lines(patient_summary(visit)) == expected


SPANISH: list[tuple[Visit, list[str]]] = [
    (Visit(findings=(Finding(Region.RIB, rib_level(3), R, tart=TENDER),)),
     ["Al tocar, encontramos un cambio en las costillas, del lado derecho.",
      "Esa zona le dolía al tocarla."]),
    (Visit(treatments=(Treatment("hvla", Region.CERVICAL),)),
     ["Tratamos el cuello con las manos.",
      "Cómo se hace: Un empujón rápido y pequeño en una articulación. Puede oír un chasquido."]),
    (Visit(responses=((Region.LUMBAR, Response.IMPROVED),)),
     ["Después del tratamiento, hubo mejoría en la parte baja de la espalda."]),
]  # fmt: skip


@pytest.mark.parametrize(("visit", "expected"), SPANISH)
def test_the_patient_reads_in_spanish_what_the_visit_holds(visit: Visit, expected: list[str]) -> None:
    assert own_lines(patient_summary(visit, "es")) == expected


def test_the_physicians_words_for_the_plan_are_quoted_and_marked_as_not_translated() -> None:
    visit = Visit(plan=Plan(goals=("sit for an hour",), next_review="in 3 weeks", aftercare=("walk",)))
    told = patient_summary(visit, "es")
    assert [(s.label, s.text) for part in told.parts for s in part.sentences] == [
        ("Su meta", "sit for an hour"),
        ("Cuándo lo revisamos de nuevo", "in 3 weeks"),
        ("Cuidados después de hoy", "walk"),
    ]
    assert told.untranslated == ("plan.goals[0]", "plan.next_review", "plan.aftercare[0]")
    assert patient_summary(visit, "en").untranslated == ()


def test_what_went_wrong_is_told_and_not_called_no_problem() -> None:
    told = patient_summary(Visit(complications=("felt faint",), complications_asked=True))
    assert [(s.label, s.text) for part in told.parts for s in part.sentences] == [
        ("A problem we wrote down", "felt faint")
    ]


def test_the_date_is_written_out() -> None:
    visit = Visit(date=dt.date(2026, 3, 9))
    assert patient_summary(visit).title == "Your visit on March 9, 2026"
    assert patient_summary(visit, "es").title == "Su visita del 9 de marzo de 2026"


def test_another_language_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'fr': there are en and es"):
        patient_summary(Visit(), "fr")


def test_words_that_wait_for_a_reader_say_so(full_visit: Visit) -> None:
    spanish = patient_summary(full_visit, "es")
    assert "phrase done.region" in spanish.awaiting_translation
    assert "plainname technique.hvla" in spanish.awaiting_translation
    assert spanish.notices == (
        "Un médico todavía no ha revisado las palabras de esta página.",
        "Un traductor profesional todavía no ha revisado esta página.",
    )
    english = patient_summary(full_visit)
    assert english.awaiting_translation == ()
    assert {"phrase done.region", "region thoracic", "technique hvla"} <= set(english.awaiting_review)
    assert english.notices == ("A doctor has not yet checked the wording of this page.",)


def test_no_translation_claims_a_review_that_did_not_happen() -> None:
    for record in (*load().all(Phrase), *load().all(PlainName)):
        assert (record.translation_reviewed is None) == (record.translation_state == AWAITING_TRANSLATOR)


def every_case() -> Iterator[Visit]:
    """A visit for each region with every phrase about it, and one for each technique."""
    for region in Region:
        for side in (None, L, R, B):
            finding = Finding(region, named_level("place"), side, tart=tuple(Tart), severity=2, pain=(8, 2))
            yield Visit(
                findings=(finding,),
                treatments=(Treatment(None, region),),
                responses=tuple((region, response) for response in Response),
            )
        yield Visit(states=((region, ExamState.NORMAL),))
    for technique in load().all(Technique):
        yield Visit(
            findings=(Finding(Region.HEAD, tart=TENDER),),
            treatments=(Treatment(technique.id, Region.HEAD),),
            responses=((Region.HEAD, Response.IMPROVED),),
            consent=Consent(given=True),
        )


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_sentence_promises_a_cure_or_uses_jargon(language: str) -> None:
    for visit in every_case():
        text = to_text(patient_summary(visit, language))
        assert not FORBIDDEN.search(text), text
        assert not JARGON.search(text), text


def test_every_region_and_technique_has_a_spanish_name() -> None:
    named = {record.id for record in load().all(PlainName)}
    assert named == {f"region.{region}" for region in Region} | {
        f"technique.{t.id}" for t in load().all(Technique)
    }


def test_both_languages_of_a_phrase_fill_the_same_slots() -> None:
    for record in load().all(Phrase):
        assert slots(record.en) == slots(record.es)
    with pytest.raises(ValueError, match="same names in braces"):
        Phrase(id="x", en="your {region}", es="su cuello", sources=("openomt",), confidence="derived")


def test_every_english_summary_reads_at_grade_6_or_below(full_visit: Visit) -> None:
    for visit in (*every_case(), full_visit):
        told = patient_summary(visit)
        assert grade(own_lines(told)) <= GRADE, own_lines(told)
