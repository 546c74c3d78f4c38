"""Which regions count: those where a finding and a treatment meet, each once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from openomt.medicine.anatomy import Level, Region, regions_touched
from openomt.medicine.coding.result import Basis, RegionAccount, RegionState
from openomt.medicine.coding.rules import basis
from openomt.medicine.findings import Finding
from openomt.medicine.visit import Treatment, Visit
from openomt.medicine.visit_words import region_of

Part = TypeVar("Part", Finding, Treatment)

_JOINT = 2
_ORDER = {region: place for place, region in enumerate(Region)}


def account_regions(visit: Visit) -> tuple[RegionAccount, ...]:
    """Every region found or treated, in the order the visit names them: findings first, then treatments."""
    findings = [finding for finding in visit.findings if is_evidence(finding)]
    homes = _joint_homes(findings)
    found = _by_region(findings)
    treated = _by_region(visit.treatments)
    return tuple(
        _account(region, found.get(region, []), treated.get(region, []), homes)
        for region in dict.fromkeys([*found, *treated])
    )


def is_evidence(finding: Finding) -> bool:
    """Whether a finding stands for somatic dysfunction above background."""
    return finding.is_dysfunction and finding.severity != 0


@lru_cache(maxsize=2048)
def reach(region: Region | None, level: Level | None) -> tuple[Region, ...]:
    """The regions a finding or treatment lies in.

    A run of more than two vertebrae reaches every region it passes; two of them are one joint and lie in the
    region they were charted to.
    """
    touched = regions_touched(level) if level is not None and level.count > _JOINT else ()
    if len(touched) > 1:
        return touched
    return () if region is None else (region,)


def _by_region(parts: Iterable[Part]) -> dict[Region, list[Part]]:
    regions: dict[Region, list[Part]] = {}
    for part in parts:
        for region in reach(part.region, part.level):
            regions.setdefault(region, []).append(part)
    return regions


def _joint_homes(findings: Iterable[Finding]) -> dict[Level, Region]:
    """The one region of every joint that was charted to more than one.

    Its default region if that is among them, else the uppermost. Places without a region of their own
    (`paraspinal`) are many places, not one.
    """
    charted: dict[Level, set[Region]] = {}
    for finding in findings:
        if finding.level is not None and len(reach(finding.region, finding.level)) == 1:
            charted.setdefault(finding.level, set()).add(finding.region)
    homes = {}
    for level, regions in charted.items():
        default = region_of(level)
        if len(regions) > 1 and default is not None:
            homes[level] = default if default in regions else min(regions, key=_ORDER.__getitem__)
    return homes


def _account(
    region: Region, findings: list[Finding], treatments: list[Treatment], homes: dict[Level, Region]
) -> RegionAccount:
    own = [finding for finding in findings if _home(finding, homes) in (None, region)]
    state = _state(findings, own, treatments)
    return RegionAccount(
        region=region,
        state=state,
        findings=tuple(describe(finding) for finding in own),
        treatments=tuple(dict.fromkeys(treatment.technique or "method not said" for treatment in treatments)),
        tart_count=len({element for finding in own for element in finding.tart}),
        basis=_basis(state, findings, own, treatments),
    )


def _home(finding: Finding, homes: dict[Level, Region]) -> Region | None:
    return homes.get(finding.level) if finding.level is not None else None


def _state(findings: list[Finding], own: list[Finding], treatments: list[Treatment]) -> RegionState:
    if not findings:
        return RegionState.NO_FINDING
    if not own:
        return RegionState.JOINT_ELSEWHERE
    return RegionState.COUNTED if treatments else RegionState.NOT_TREATED


def _basis(
    state: RegionState, findings: list[Finding], own: list[Finding], treatments: list[Treatment]
) -> Basis:
    techniques = ", ".join(
        dict.fromkeys(treatment.technique or "method not said" for treatment in treatments)
    )
    described = "; ".join(dict.fromkeys(describe(finding) for finding in own))
    if state is RegionState.NO_FINDING:
        return basis("region-no-finding", treatments=techniques)
    if state is RegionState.NOT_TREATED:
        return basis("region-not-treated", findings=described)
    if state is RegionState.JOINT_ELSEWHERE:
        names = ", ".join(dict.fromkeys(finding.level.name for finding in findings if finding.level))
        return basis("region-joint-elsewhere", levels=names)
    counted = basis("region-counted", findings=described, treatments=techniques)
    parts: list[Finding | Treatment] = [*own, *treatments]
    crossing = [part.level.name for part in parts if part.level and _crosses(part)]
    if not crossing:
        return counted
    more = basis("region-crossing", levels=", ".join(dict.fromkeys(crossing)))
    return Basis(counted.reason + more.reason, (*counted.sources, *more.sources), more.confidence)


def _crosses(part: Finding | Treatment) -> bool:
    return len(reach(part.region, part.level)) > 1


@lru_cache(maxsize=2048)
def describe(finding: Finding) -> str:
    """A finding in a few words: `T5 right: tissue texture, restriction`."""
    where = " ".join(
        filter(
            None, (finding.level.name if finding.level else "", finding.side.value if finding.side else "")
        )
    )
    what = [element.value.replace("_", " ") for element in finding.tart]
    if finding.pattern:
        what.insert(0, finding.pattern)
    if finding.motion is not None:
        what.insert(0, "position or motion")
    return f"{where}: {', '.join(what)}" if where else ", ".join(what)
