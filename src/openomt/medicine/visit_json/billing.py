"""What bears on the claim in the short shape: other services, entered codes, advance notice, pregnancy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from openomt.medicine.visit import Abn, Billing, SameDayService
from openomt.medicine.visit_json.row import NO, YES, Row, flag
from openomt.medicine.visit_words import bad, find_value, plain, region_named, value_of, words_for

_CODE = re.compile(r"\b(\d{5}|[A-Za-z]\d{4})((?:\s*-\s*\w\w\b)*)")

_TREATMENT = re.compile(r"9892[5-9]")
_DENIAL_IF_TRUE = (
    *(
        "maintenance_visit",
        "is_maintenance",
        "maintenance",
        "maintenance_care",
        "maintenance_therapy",
        "expected_denial",
        "denial_expected",
    ),
    *("expect_denial", "no_progress", "not_medically_necessary", "not_necessary", "plateau"),
)
_DENIAL_IF_FALSE = (
    *("medically_necessary", "medical_necessity", "necessary", "progress", "functional_progress"),
    *("expected_improvement", "improvement", "improving", "progress_expected", "improvement_expected"),
)
_CARE_WORDS = (
    "care",
    "care_type",
    "type_of_care",
    "phase",
    "phase_of_care",
    "purpose",
    "visit_type",
    "intent",
)


def read_billing(row: Row, billing: Billing, extra: list[SameDayService]) -> Billing:
    services = [*billing.same_day, *extra]
    entered_codes = row.texts("entered_codes", "entered_cpt")
    services += [_from_words(code) for code in entered_codes if not _TREATMENT.fullmatch(code)]
    for part, path in row.objects("same_day", "same_day_services", "other_services"):
        services.append(service(part, path, row.unknown))
    for name in ("anesthesia_for_omt", "anaesthesia_for_omt", "nerve_block_for_omt"):
        if row.flag(name):
            services.append(SameDayService(name="anesthesia", for_omt=True))
    pregnant = row.flag("pregnant", "pregnancy")
    entered = tuple(
        code
        for part, path in row.objects("entered_omt", "entered_omt_codes")
        for code in _entered(part, path, row.unknown)
    )
    entered += tuple(code for code in entered_codes if _TREATMENT.fullmatch(code))
    modifiers = row.texts("entered_omt_modifiers", "omt_modifiers")
    maintenance = _maintenance(row)
    abn, denial = _notice(row)
    expected = maintenance if maintenance is not None else denial
    return replace(
        billing,
        diagnoses=billing.diagnoses + row.texts("dx", "icd", "diagnoses"),
        entered_treatment=billing.entered_treatment + entered,
        entered_treatment_modifiers=billing.entered_treatment_modifiers + modifiers,
        same_day=tuple(services),
        abn=billing.abn if abn is None else abn,
        maintenance=billing.maintenance if expected is None else expected,
        pregnant=billing.pregnant if pregnant is None else pregnant,
    )


def _entered(part: object, path: str, unknown: list[str]) -> Iterable[str]:
    if isinstance(part, dict):
        line = Row(part, path, unknown)
        code, units = line.text("code", "cpt"), line.count("units")
        line.take("modifiers")
        line.finish()
        return (code,) * (1 if units is None else units)
    if isinstance(part, (str, int)) and not isinstance(part, bool):
        return (str(part).strip(),)
    raise bad(path, part, "a code")


def _maintenance(row: Row) -> bool | None:
    """Whether care without expected improvement was charted, however the form asks it."""
    said: list[bool] = []
    for names, means in ((_DENIAL_IF_TRUE, True), (_DENIAL_IF_FALSE, False)):
        for name in names:
            value = row.take(name)
            if isinstance(value, str) and plain(value) not in YES | NO:
                said.append(value_of("care", value, row.at(name)) == "maintenance")
            elif value is not None:
                said.append(flag(value, row.at(name)) is means)
    for name in _CARE_WORDS:
        value = row.text(name)
        if value and any(re.search(rf"\b{re.escape(word)}\b", plain(value)) for word in words_for("care")):
            said.append(value_of("care", value, row.at(name)) == "maintenance")
    return any(said) if said else None


def _notice(row: Row) -> tuple[Abn | None, bool | None]:
    """The advance notice, and whether a denial is said to be expected."""
    value = row.take("abn", "abn_on_file", "abn_signed")
    if isinstance(value, dict):
        line = Row(value, row.at("abn"), row.unknown)
        on_file = line.flag("on_file", "signed", "obtained", "given")
        expected = line.flag("required", "needed", "expected_denial", "denial_expected", "maintenance")
        line.finish()
        return (None if on_file is None else Abn.ON_FILE if on_file else Abn.MISSING), expected
    if value is None:
        return None, None
    if isinstance(value, str):
        notice = value_of("notice", value, row.at("abn")) if value.strip() else ""
        return (Abn(notice) if notice else None), None
    return (Abn.ON_FILE if flag(value, row.at("abn")) else Abn.MISSING), None


def service(part: object, path: str, unknown: list[str]) -> SameDayService:
    """One service: a code or words (`97140`, `97140-59 by PT`, `nerve block for OMT`), or an object."""
    if isinstance(part, int) and not isinstance(part, bool):
        part = str(part)
    if isinstance(part, str):
        return _from_words(part)
    if not isinstance(part, dict):
        raise bad(path, part, "a code or an object")
    line = Row(part, path, unknown)
    coded = _from_words(line.text("code", "cpt", "hcpcs", "service"))
    name = " ".join(filter(None, (coded.name, line.text("name", "description", "type", "kind"))))
    region = line.texts("region", "regions")
    units = line.count("units")
    purpose = _from_words(" ".join(line.texts("purpose", "reason", "note", "comment")))
    found = replace(
        coded,
        name=name,
        modifiers=coded.modifiers + line.texts("modifiers", "modifier"),
        other_discipline=_first(_by(line), coded.other_discipline, purpose.other_discipline),
        region=region_named(region[0]) if region else None,
        regions_differ=_first(_apart(line, "region"), coded.regions_differ, purpose.regions_differ),
        other_session=_first(_apart(line, "session"), coded.other_session, purpose.other_session),
        for_omt=_first(_for_omt(line), coded.for_omt, purpose.for_omt),
        units=1 if units is None else units,
    )
    line.take("documented", "separate_documentation", "date", "minutes")
    line.finish()
    return found


def _first(*values: bool | None) -> bool | None:
    return next((value for value in values if value is not None), None)


def _by(line: Row) -> bool | None:
    """Whether somebody of another discipline gave it."""
    same = line.flag("same_physician", "same_provider", "same_clinician", "same_performer")
    other = line.flag("other_discipline", "different_discipline", "different_provider", "other_provider")
    who = line.text("by", "performer", "provider", "performed_by", "discipline", "who")
    if who:
        return find_value("discipline", who) != "same"
    return other if same is None else not same


def _apart(line: Row, what: str) -> bool | None:
    same = line.flag(f"same_{what}")
    apart = line.flag(f"different_{what}", f"other_{what}", f"separate_{what}", f"distinct_{what}")
    words = plain(line.text("session")) if what == "session" else ""
    if words:
        return words != "same"
    return apart if same is None else not same


def _for_omt(line: Row) -> bool | None:
    unrelated = line.flag("unrelated", "unrelated_to_omt")
    stated = line.take("for_omt", "for_treatment", "for")
    if isinstance(stated, str) and plain(stated) not in YES | NO:
        stated = any(word in plain(stated).split() for word in ("omt", "manipulation", "treatment"))
    related = flag(stated, line.at("for_omt"))
    return related if unrelated is None else not unrelated


def _from_words(text: str) -> SameDayService:
    """A code, its modifiers, and what the words beside it say."""
    match = _CODE.search(text)
    words = plain(_CODE.sub(" ", text, count=1)) if match else plain(text)
    return SameDayService(
        code=match[1].upper() if match else "",
        name=words,
        modifiers=tuple(re.findall(r"\w\w", match[2].upper())) if match else (),
        other_discipline=_said(words, r"same (?:physician|provider|clinician|do)", _others(), yes=False),
        regions_differ=_said(words, r"same region", r"(?:different|other|separate) region", yes=False),
        other_session=_said(words, r"same session", r"(?:different|other|separate) session", yes=False),
        for_omt=_said(words, r"for (?:the )?omt", r"unrelated|not for (?:the )?omt", yes=True),
    )


def _said(words: str, pattern: str, opposite: str, *, yes: bool) -> bool | None:
    """`yes` where the words hold the pattern, the contrary where they hold its opposite, which goes first."""
    if re.search(rf"\b(?:{opposite})\b", words):
        return not yes
    return yes if re.search(rf"\b(?:{pattern})\b", words) else None


def _others() -> str:
    """Names of other disciplines, as a pattern."""
    vague = {"other", "different", "another"}
    names = [
        name for name, value in words_for("discipline").items() if value == "other" and name not in vague
    ]
    return "|".join(map(re.escape, names))
