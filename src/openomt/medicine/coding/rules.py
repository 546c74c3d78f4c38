"""The records that coding reads, as small lookups: the only place of this package that knows the knowledge
base.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.coding.result import Basis, Code, CodeSystem, CodingWarning
from openomt.medicine.visit import Visit
from openomt.medicine.visit_words import plain

if TYPE_CHECKING:
    from openomt.knowledge.coding import (
        AuditRow,
        ClaimSetting,
        CodingText,
        EmFamily,
        EmLevel,
        EmWork,
        ModifierRecord,
        OmtLevel,
        PerformerKind,
        PlaceOfService,
        RuleSet,
        SameDayKind,
        WarningRecord,
    )

OFFICE = "11"
IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every record coding needs, by id where it is looked up so."""

    omt_levels: tuple[OmtLevel, ...]
    em_levels: tuple[EmLevel, ...]
    em_families: Mapping[str, EmFamily]
    places: Mapping[str, PlaceOfService]
    rule_sets: Mapping[str, RuleSet]
    works: tuple[EmWork, ...]
    same_day: tuple[SameDayKind, ...]
    performers: tuple[PerformerKind, ...]
    modifiers: Mapping[str, ModifierRecord]
    claim: Mapping[str, ClaimSetting]
    warnings: Mapping[str, WarningRecord]
    audit: tuple[AuditRow, ...]
    texts: Mapping[str, CodingText]
    region_codes: Mapping[Region, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which a visit is coded: the rule set, whether CPT numbers are shown, and the claim's own choices.

    pointer_limit      diagnoses one claim line can point to
    dysfunction_first  a payer that wants somatic dysfunction before the symptom on the evaluation line
    """

    rule_set: RuleSet
    cpt: bool
    pointer_limit: int
    dysfunction_first: bool


@cache
def rules() -> Rules:
    """The records of this installation, read once."""
    from openomt.knowledge import coding as kinds  # pydantic loads with the first visit coded
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import RegionRecord

    known = load()
    return Rules(
        omt_levels=known.all(kinds.OmtLevel),
        em_levels=known.all(kinds.EmLevel),
        em_families={record.id: record for record in known.all(kinds.EmFamily)},
        places={record.id: record for record in known.all(kinds.PlaceOfService)},
        rule_sets={record.id: record for record in known.all(kinds.RuleSet)},
        works=known.all(kinds.EmWork),
        same_day=known.all(kinds.SameDayKind),
        performers=known.all(kinds.PerformerKind),
        modifiers={record.id: record for record in known.all(kinds.ModifierRecord)},
        claim={record.id: record for record in known.all(kinds.ClaimSetting)},
        warnings={record.id: record for record in known.all(kinds.WarningRecord)},
        audit=known.all(kinds.AuditRow),
        texts={record.id: record for record in known.all(kinds.CodingText)},
        region_codes={Region(record.id): record.icd10cm for record in known.all(RegionRecord)},
    )


@lru_cache(maxsize=4096)
def basis(text_id: str, **values: object) -> Basis:
    """A reason in words, with the sources of the rule."""
    record = rules().texts[text_id]
    return Basis(record.text.format(**values), record.sources, record.confidence.value)


@lru_cache(maxsize=1024)
def warning(warning_id: str, what: str = "") -> CodingWarning:
    """A warning of the vocabulary. `what` fills its message."""
    record = rules().warnings[warning_id]
    return CodingWarning(
        id=record.id,
        title=record.title,
        message=record.message.format(what=what),
        todo=record.todo,
        severity=record.severity,
        about=record.about,
        sources=record.sources,
        confidence=record.confidence.value,
    )


def cpt_code(level: OmtLevel | EmLevel, reason: Basis, terms: Terms) -> Code:
    """A code of CPT: its number only where the practice has switched CPT on."""
    return Code(CodeSystem.CPT, level.number if terms.cpt else None, level.words, reason)


def modifier(number: str, reason: Basis, terms: Terms) -> Code:
    """A modifier; one of CPT is shown in words while CPT is off."""
    record = rules().modifiers[number]
    system = CodeSystem(record.system)
    hidden = system is CodeSystem.CPT and not terms.cpt
    return Code(system, None if hidden else number, record.words, reason)


@lru_cache(maxsize=1024)
def icd_code(number: str, text_id: str) -> Code:
    """A diagnosis with its official title; a code that does not exist keeps its number as its words."""
    from openomt.knowledge import icd

    code = icd.normalize(number)
    return Code(CodeSystem.ICD10CM, code, icd.title(code) or code, basis(text_id))


def claim_number(setting: str) -> int:
    """A number of the claim form."""
    return int(rules().claim[setting].value)


def claim_text(setting: str) -> str:
    """A code or letter of the claim form."""
    return str(rules().claim[setting].value)


def region_title(region: Region) -> str:
    """`rib cage`, as people write it."""
    return "rib cage" if region is Region.RIB else region.value.replace("_", " ")


@lru_cache(maxsize=8192)
def named(name: str, words: str) -> bool:
    """Whether words hold a name as whole words."""
    return re.search(rf"\b{re.escape(plain(name))}\b", plain(words)) is not None


def performer(visit: Visit) -> PerformerKind | None:
    """The kind of person who treated; None where nobody said or the words are not known."""
    return _performer(visit.setting.performer)


@lru_cache(maxsize=256)
def _performer(words: str) -> PerformerKind | None:
    return next(
        (kind for kind in rules().performers if any(named(name, words) for name in kind.names)),
        None,
    )


def place(visit: Visit) -> PlaceOfService | None:
    """The place of service; None for a number that is not known."""
    return rules().places.get(visit.setting.place_of_service)


def is_remote(visit: Visit) -> bool:
    """Whether patient and physician were apart: by the modality or by the place of service."""
    where = place(visit)
    return visit.setting.modality != IN_PERSON or (where is not None and where.remote)
