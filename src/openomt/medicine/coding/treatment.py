"""The treatment line: the code for the regions counted, its modifiers, diagnoses, and what its note lacks."""

from __future__ import annotations

from collections.abc import Iterable

from openomt.medicine.anatomy import Region
from openomt.medicine.coding.regions import reach
from openomt.medicine.coding.result import (
    Basis,
    Code,
    CodingWarning,
    RegionAccount,
    RegionState,
    TreatmentLine,
)
from openomt.medicine.coding.rules import (
    Terms,
    basis,
    cpt_code,
    icd_code,
    is_remote,
    modifier,
    performer,
    region_title,
    rules,
    warning,
)
from openomt.medicine.visit import Abn, Visit

_NOTICE_MODIFIERS = {Abn.ON_FILE: "GA", Abn.VOLUNTARY: "GX", Abn.MISSING: "GZ"}


def treatment_line(visit: Visit, accounts: tuple[RegionAccount, ...], terms: Terms) -> TreatmentLine:
    """The code for the regions counted, or the reason why there is none."""
    counted = [account for account in accounts if account.state is RegionState.COUNTED]
    obstacle = _obstacle(visit, counted)
    if obstacle is not None:
        return TreatmentLine(None, (), (), (), obstacle)
    level = next(one for one in rules().omt_levels if one.regions_from <= len(counted) <= one.regions_to)
    noun = "region" if len(counted) == 1 else "regions"
    reason = basis(
        "omt-counted", count=f"{len(counted)} {noun}", regions=titles(account.region for account in counted)
    )
    best = sorted(counted, key=lambda account: -account.tart_count)[: terms.pointer_limit]
    return TreatmentLine(
        code=cpt_code(level, reason, terms),
        modifiers=(*_notice(visit, terms), *trainee(visit, terms)),
        icd=tuple(_dysfunction(account) for account in counted),
        pointers=tuple(_dysfunction(account) for account in best),
        basis=reason,
    )


def titles(regions: Iterable[Region]) -> str:
    """Regions in words."""
    return ", ".join(region_title(region) for region in regions)


def _dysfunction(account: RegionAccount) -> Code:
    return icd_code(rules().region_codes[account.region], "icd-region")


def _obstacle(visit: Visit, counted: list[RegionAccount]) -> Basis | None:
    """Why no treatment can be billed, if so."""
    if not visit.treatments:
        return basis("omt-not-charted")
    if is_remote(visit):
        return basis("omt-remote")
    who = performer(visit)
    if who is not None and not who.bills:
        return basis("omt-performer", performer=who.title)
    return None if counted else basis("omt-none")


def notice_due(visit: Visit, terms: Terms) -> Abn | None:
    """The state of the advance notice, where a denial is to be expected and the payer knows such a notice.

    A notice that was asked about says that a denial is expected, unless somebody charted the contrary.
    """
    billing = visit.billing
    if not terms.rule_set.advance_notice or billing.maintenance is False:
        return None
    if billing.abn is not None:
        return billing.abn
    return Abn.MISSING if billing.maintenance else None


def _notice(visit: Visit, terms: Terms) -> tuple[Code, ...]:
    notice = notice_due(visit, terms)
    if notice is None:
        return ()
    reason = basis("mod-notice", notice=notice.value.replace("_", " "))
    return (modifier(_NOTICE_MODIFIERS[notice], reason, terms),)


def trainee(visit: Visit, terms: Terms) -> tuple[Code, ...]:
    """The modifier that a resident's work carries on every line."""
    who = performer(visit)
    if who is None or not who.modifier:
        return ()
    return (modifier(who.modifier, basis("mod-trainee", performer=who.title), terms),)


def treatment_warnings(
    visit: Visit, accounts: tuple[RegionAccount, ...], line: TreatmentLine, terms: Terms
) -> tuple[CodingWarning, ...]:
    """What stands against the treatment line, and what the note of treatment lacks."""
    if visit.treatments and is_remote(visit):
        return (warning("OMT_NOT_IN_PERSON"),)
    found = [*_region_warnings(accounts), *_note_warnings(visit, accounts)]
    if line.code is not None:
        if len(line.icd) > terms.pointer_limit:
            found.append(warning("DX_POINTERS_OVER_4", ", ".join(code.shown for code in line.icd)))
        if notice_due(visit, terms) is Abn.MISSING:
            found.append(warning("ABN_MISSING"))
    return tuple(found)


def _region_warnings(accounts: tuple[RegionAccount, ...]) -> list[CodingWarning]:
    found = []
    for state, name in (
        (RegionState.NO_FINDING, "REGION_TREATED_NO_FINDING"),
        (RegionState.NOT_TREATED, "FINDING_NOT_TREATED"),
    ):
        regions = [account.region for account in accounts if account.state is state]
        if regions:
            found.append(warning(name, titles(regions)))
    if accounts and not any(account.state is RegionState.COUNTED for account in accounts):
        found.append(warning("NO_COUNTABLE_REGION"))
    return found


def _note_warnings(visit: Visit, accounts: tuple[RegionAccount, ...]) -> list[CodingWarning]:
    if not visit.treatments:
        return []
    found = []
    silent, unanswered = without_technique(visit, accounts), without_response(visit, accounts)
    if silent:
        found.append(warning("MISSING_TECHNIQUE", titles(silent)))
    if unanswered:
        found.append(warning("MISSING_RESPONSE", titles(unanswered)))
    if visit.consent.given is not True:
        found.append(warning("MISSING_CONSENT"))
    if not visit.plan.has_goal:
        found.append(warning("NO_FUNCTIONAL_GOAL"))
    return found


def treated_regions(accounts: tuple[RegionAccount, ...]) -> tuple[Region, ...]:
    """Every region that was treated, whether it counts or not."""
    return tuple(account.region for account in accounts if account.treatments)


def without_technique(visit: Visit, accounts: tuple[RegionAccount, ...]) -> tuple[Region, ...]:
    """Treated regions for which no technique is named."""
    named = {
        region
        for treatment in visit.treatments
        if treatment.technique
        for region in reach(treatment.region, treatment.level)
    }
    return tuple(region for region in treated_regions(accounts) if region not in named)


def without_response(visit: Visit, accounts: tuple[RegionAccount, ...]) -> tuple[Region, ...]:
    """Treated regions whose response is not charted."""
    answered = {region for region, _ in (*visit.responses, *visit.response_words)}
    return tuple(region for region in treated_regions(accounts) if region not in answered)
