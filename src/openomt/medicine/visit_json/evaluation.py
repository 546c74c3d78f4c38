"""The evaluation of the short shape (`em`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from openomt.medicine.visit import EffortLevel, EmMethod, Evaluation, SameDayService, Visit
from openomt.medicine.visit_json.billing import service
from openomt.medicine.visit_json.row import Row
from openomt.medicine.visit_words import bad, plain, value_of


def read_evaluation(row: Row, visit: Visit, extra: list[SameDayService]) -> Evaluation | None:
    value = row.take("em")
    if value is None or value is False:
        return None
    if value is True:
        return Evaluation()
    if not isinstance(value, dict):
        raise bad(row.at("em"), value, "an object")
    em = Row(value, row.at("em"), row.unknown)
    performed = em.flag("performed")
    evaluation = Evaluation(
        beyond_omt_work=em.flag(
            "beyond_omt_work", "beyond_omt", "separate_work", "significant_separate_work"
        ),
        separate_in_note=em.flag("note_sections_separate", "separate_in_note", "sections_separate"),
        stands_alone=em.flag("stands_alone", "note_stands_alone", "would_stand_alone"),
        reasons=em.texts("reasons", "reason", "justification", "basis", "work", "separate_work_reasons"),
        only_reason=_only_reason(em),
        codes=em.texts("dx", "icd", "icd10", "codes", "diagnoses"),
        entered_modifiers=_entered_modifiers(em),
        other_day=_other_day(em, visit.date),
        first_of_stay=_first_of_stay(em),
        total_minutes=None,
    )
    evaluation = _read_level(em, evaluation)
    for name in ("g2211", "G2211"):
        if em.flag(name):
            extra.append(SameDayService(code="G2211"))
    for part, path in em.objects("add_ons", "addons", "add_on", "entered_codes"):
        extra.append(service(part, path, row.unknown))
    em.finish()
    return None if performed is False else evaluation


def _read_level(em: Row, evaluation: Evaluation) -> Evaluation:
    """Decision making or time."""
    path = em.path
    whole = em.text("mdm", "mdm_level", "level")
    efforts: dict[str, EffortLevel | None] = {}
    for name in ("problems", "data", "risk"):
        text = em.text(name) or whole
        efforts[name] = EffortLevel(value_of("effort", text, f"{path}.{name}")) if text else None
    total = em.count("total_minutes", "minutes", "total_time", "time_minutes")
    omt = em.count("omt_minutes", "omt_time")
    apart = em.count("em_minutes", "minutes_excluding_omt")
    if em.flag("time_includes_omt", "includes_omt", "total_includes_omt") is False and omt is None:
        omt = 0
    if apart is not None and total is None:
        total, omt = apart, 0
    method = plain(em.text("method", "level_method"))
    if method and not any(word in method for word in ("time", "mdm", "decision")):
        raise bad(f"{path}.method", method, "mdm or time")
    by_time = "time" in method or (not method and total is not None and not any(efforts.values()))
    return replace(
        evaluation,
        problems=efforts["problems"],
        data=efforts["data"],
        risk=efforts["risk"],
        total_minutes=total,
        omt_minutes=omt,
        method=EmMethod.TIME if by_time else EmMethod.DECISION_MAKING,
    )


def _only_reason(em: Row) -> str | None:
    reason = em.text("only_reason", "sole_reason")
    for flag, words in (
        ("only_new_patient", "new patient"),
        ("new_patient_only", "new patient"),
        ("decision_to_treat_only", "decision to treat"),
        ("only_decision_to_treat", "decision to treat"),
    ):
        if em.flag(flag):
            reason = words
    return reason or None


def _entered_modifiers(em: Row) -> tuple[str, ...] | None:
    found = em.texts("entered_modifiers", "modifiers", "entered_modifier")
    return found if em.had("entered_modifiers", "modifiers", "entered_modifier") else None


def _other_day(em: Row, date: dt.date | None) -> bool:
    if em.flag("other_day", "different_day", "separate_day") or em.flag("same_day") is False:
        return True
    text = em.text("date")
    if not text:
        return False
    try:
        return dt.date.fromisoformat(text) != date
    except ValueError:
        raise bad(em.at("date"), text, "an ISO date") from None


def _first_of_stay(em: Row) -> bool | None:
    first = em.flag("first_of_stay", "initial")
    words = plain(em.text("stage", "visit", "visit_type", "encounter"))
    if words.startswith(("initial", "first", "admission")):
        return True
    return False if words.startswith(("subsequent", "later", "follow")) else first
