"""The short shape of a visit, as the coding cases have it: a row for each region, one for the evaluation.

Spellings are read generously (`rib_cage`, `ribs`, `Lower extremities`; `yes`, `true`); what cannot be read is
a ValueError that names the field's path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openomt.medicine.anatomy import Level, Region, Side
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.visit import PatientStatus, Response, SameDayService, Treatment, Visit
from openomt.medicine.visit_json.billing import read_billing
from openomt.medicine.visit_json.evaluation import read_evaluation
from openomt.medicine.visit_json.row import NO, YES, Row, flag
from openomt.medicine.visit_words import (
    bad,
    level_of,
    plain,
    region_named,
    region_of,
    response_names,
    tart_named,
    value_of,
    words_for,
)


def is_short(key: str, value: object) -> bool:
    """Whether a field that both shapes have (`consent`) is in the short one here."""
    return key in ("consent", "signed") and not isinstance(value, dict)


def read(data: Mapping[str, Any], visit: Visit, unknown: list[str]) -> Visit:
    """`visit` with what the short fields say added. Paths of unknown fields go to `unknown`. Raises
    ValueError.
    """
    row = Row(data, "visit", unknown)
    visit = _read_setting(row, visit)
    visit = _read_note(row, visit)
    visit = _read_regions(row, visit)
    extra: list[SameDayService] = []
    evaluation = read_evaluation(row, visit, extra)
    visit = replace(visit, evaluation=evaluation if row.had("em", "evaluation") else visit.evaluation)
    visit = replace(visit, billing=read_billing(row, visit.billing, extra))
    row.finish()
    return visit


def _read_setting(row: Row, visit: Visit) -> Visit:
    setting = visit.setting
    if payer := row.text("payer", "insurance", "payor"):
        setting = replace(setting, payer=payer)
    if place := row.text("pos", "place_of_service"):
        setting = replace(setting, place_of_service=_place(place))
    performers = row.texts("performer", "provider", "clinician", "performed_by")
    for name in ("resident", "student", "teaching_physician", "trainee"):
        if row.flag(name):
            performers = (*performers, name.replace("_", " "))
    if performers:
        setting = replace(setting, performer=" with ".join(performers))
    if modality := row.text("modality", "visit_modality"):
        setting = replace(setting, modality=value_of("modality", modality, row.at("modality")))
    if row.flag("telehealth", "telemedicine") or row.flag("in_person") is False:
        setting = replace(setting, modality="video" if setting.modality == "in_person" else setting.modality)
    patient = row.take("patient", "patient_status")
    if isinstance(patient, dict):
        inner = Row(patient, row.at("patient"), row.unknown)
        patient, pregnant = inner.take("status", "type"), inner.flag("pregnant", "pregnancy")
        inner.finish()
        visit = replace(visit, billing=replace(visit.billing, pregnant=pregnant))
    if patient is not None:
        setting = replace(setting, patient=_patient(patient, row.at("patient")))
    return replace(visit, setting=setting)


def _place(text: str) -> str:
    from openomt.knowledge.coding import PlaceOfService
    from openomt.knowledge.loader import load

    if text.isdigit():
        return text.zfill(2)
    titles = {plain(place.title): place.id for place in load().all(PlaceOfService)}
    return titles.get(plain(text), text)


def _patient(value: object, path: str) -> PatientStatus:
    words = plain(value) if isinstance(value, str) else ""
    if words.startswith("new"):
        return PatientStatus.NEW
    if words.startswith(("est", "return", "follow")):
        return PatientStatus.ESTABLISHED
    raise bad(path, value, "new or established")


def _read_note(row: Row, visit: Visit) -> Visit:
    """Title, consent, goal and signature."""
    signed = row.flag("signed")
    consent = row.flag("consent", "consent_documented")
    goal = row.take("functional_goal", "functional_goals", "goal")
    plan = visit.plan
    if isinstance(goal, list):
        plan = replace(plan, goals=(*plan.goals, *map(str, goal)), functional_goal=bool(goal))
    elif isinstance(goal, str) and plain(goal) not in YES | NO:
        plan = replace(plan, goals=(*plan.goals, goal) if goal.strip() else plan.goals)
    elif goal is not None:
        plan = replace(plan, functional_goal=flag(goal, row.at("functional_goal")))
    return replace(
        visit,
        signed=visit.signed if signed is None else signed,
        consent=visit.consent if consent is None else replace(visit.consent, given=consent),
        plan=plan,
    )


def _read_regions(row: Row, visit: Visit) -> Visit:
    known = response_names()
    findings, treatments = list(visit.findings), list(visit.treatments)
    responses: dict[Region, Response] = {}
    words: dict[Region, str] = {}
    for part, path in row.objects("regions"):
        if not isinstance(part, dict):
            raise bad(path, part, "an object")
        line = Row(part, path, row.unknown)
        levels = tuple(
            level_of(text) for text in line.texts("segments", "segment", "levels", "level", "joint")
        )
        region = _region(line, levels)
        side = _side(line)
        findings += _findings(line, region, side, levels)
        treatments += _treatments(line, region, side, levels)
        response = line.text("response")
        if plain(response) in known:
            responses[region] = known[plain(response)]
        elif response and plain(response) not in NO:
            words[region] = response
        line.finish()
    return replace(
        visit,
        findings=tuple(findings),
        treatments=tuple(treatments),
        responses=(*visit.responses, *responses.items()),
        response_words=(*visit.response_words, *words.items()),
    )


def _region(line: Row, levels: tuple[Level, ...]) -> Region:
    """The region a row names; where it names a joint instead, the joint's region on a claim."""
    name = line.text("region", "body_region")
    places = (level_of(name), *levels) if name else levels
    edge = words_for("edge_joint").get(plain(name))
    region = region_named(name) or (Region(edge) if edge else None)
    region = region or next((found for place in places if (found := region_of(place))), None)
    if region is None:
        raise bad(line.at("region"), name, f"one of {', '.join(Region)}")
    return region


def _side(line: Row) -> Side | None:
    name = plain(line.text("side", "laterality"))
    sides = {"l": Side.LEFT, "r": Side.RIGHT, "b": Side.BILATERAL, "both": Side.BILATERAL}
    if name in ("", "none", "midline"):
        return None
    if name in sides:
        return sides[name]
    if name in set(Side):
        return Side(name)
    raise bad(line.at("side"), name, "left, right or bilateral")


def _findings(line: Row, region: Region, side: Side | None, levels: tuple[Level, ...]) -> list[Finding]:
    tart = _tart(line.take("tart"), line.at("tart"))
    named = line.take("finding", "findings", "dysfunction", "diagnosis")
    pattern = named.strip() or None if isinstance(named, str) and plain(named) not in YES | NO else None
    severity = line.count("severity")
    if not tart and pattern is None:
        return []
    return [
        Finding(region, level=level, side=side, pattern=pattern, tart=tart, severity=severity)
        for level in levels or (None,)
    ]


def _tart(value: object, path: str) -> tuple[Tart, ...]:
    """`["T", "R"]`, `["tenderness"]`, `"TART"`, `{"T": true}`. The first bare T is texture, a second
    tenderness.
    """
    if isinstance(value, dict):
        value = [key for key, present in value.items() if present]
    if isinstance(value, str):
        letters = re.sub(r"[\s,;/+]", "", value)
        value = list(letters) if re.fullmatch(r"[TARtar]*", letters) else re.split(r"[,;/+]", value)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise bad(path, value, "a list of T, A, R, T")
    found: set[Tart] = set()
    for part in value:
        element = _tart_element(part, path, found)
        if element is not None:
            found.add(element)
    return tuple(element for element in Tart if element in found)


def _tart_element(part: object, path: str, found: set[Tart]) -> Tart | None:
    if not isinstance(part, str):
        raise bad(path, part, "a list of T, A, R, T")
    words = plain(part)
    if words in ("", "none", "normal", "no"):
        return None
    if words in ("t", "t1", "t2"):
        later = words == "t2" or (words == "t" and Tart.TISSUE_TEXTURE in found)
        return Tart.TENDERNESS if later else Tart.TISSUE_TEXTURE
    element = tart_named(words)
    if element is None:
        raise bad(path, part, "one of T, A, R, T")
    return element


def _treatments(line: Row, region: Region, side: Side | None, levels: tuple[Level, ...]) -> list[Treatment]:
    techniques = line.texts("technique", "techniques")
    treated = line.flag("treated", "treatment")
    if treated is None:
        treated = bool(techniques)
    if not treated:
        return []
    level = levels[0] if len(levels) == 1 else None
    named = [name for name in techniques if plain(name) not in NO]
    return [Treatment(name, region, level, side) for name in named or (None,)]
