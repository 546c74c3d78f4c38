"""Techniques for findings, ranked by what fits, what the evidence says, what is wanted and what is safe.

Every technique usable in a finding's region is listed. It ranks first by its standing (offered, only with a
written reason, no position, refused, contraindicated) and only then by the weight of its reasons, so that no
reason lifts a contraindicated technique above another. Nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Finding
from openomt.medicine.safety.check import check
from openomt.medicine.safety.closing import close
from openomt.medicine.safety.matching import places
from openomt.medicine.safety.plan import NO_DYSFUNCTION, technique_named
from openomt.medicine.safety.practice import Settings
from openomt.medicine.safety.values import ItemAlert, PatientFacts, PlannedItem, Verdict
from openomt.medicine.techniques.complaints import condition_of
from openomt.medicine.techniques.groups import groups_of, shown
from openomt.medicine.techniques.kinds import kinds_of
from openomt.medicine.techniques.tables import Tables, tables
from openomt.medicine.techniques.telling import evidence_of, nothing_studied
from openomt.medicine.techniques.values import (
    Match,
    Option,
    Preferences,
    Reason,
    Skipped,
    Standing,
    Suggestions,
    Target,
)
from openomt.medicine.techniques.weighing import Situation, positions_for, reasons_for

_ABSENT = "looked for and not there"
_BACKGROUND = "severity 0: background only"
_NO_DYSFUNCTION = "a test or a bare name, not a dysfunction"


def suggest(  # noqa: PLR0913  (one argument for each thing it goes by)
    patient: PatientFacts,
    findings: Sequence[Finding],
    complaint: str | None = None,
    preferences: Preferences = Preferences(),  # noqa: B008  (frozen)
    usual: Mapping[str, int] | None = None,
    *,
    settings: Settings = (),
) -> Suggestions:
    """Ranked techniques for each finding, and what the evidence says of the complaint.

    usual     how often the physician used a technique, by code or name
    settings  the practice's own levels of rules

    Raises ValueError for a fact, technique, group or setting that is not known.
    """
    matches = condition_of(complaint, patient) if complaint and complaint.strip() else ()
    weighed = _weighed(matches)
    facts = frozenset(one.fact.code for one in close(patient))
    groups = groups_of(facts, matches, preferences.groups)
    situation = Situation(facts, weighed, groups, _resolved(preferences), _counted(usual or {}))
    treated, skipped = _sorted_out(findings)
    plan = tuple(dict.fromkeys(item for finding in treated for item in _items(finding)))
    alerts = check(_examined(patient, treated), plan, settings)
    by_item = {alert.item: alert for alert in alerts.items}
    return Suggestions(
        targets=tuple(_target(finding, situation, by_item) for finding in treated),
        skipped=skipped,
        evidence=tuple(evidence_of(match, weighed=match in weighed) for match in matches),
        groups=tuple(shown(joined) for joined in groups),
        gates=alerts.gates,
        unknown=alerts.unknown,
        unheard=complaint.strip() if complaint and not matches else "",
        patient=nothing_studied() if complaint and not matches else (),
    )


def _weighed(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches that move ranks: sure ones of people like this; unsure ones only where none is sure."""
    fitting = [match for match in matches if match.studied is not False]
    sure = tuple(match for match in fitting if match.sure)
    return sure or (() if any(match.sure for match in matches) else tuple(fitting))


def _resolved(preferences: Preferences) -> Preferences:
    """The same with every technique as a code: refusing `lymphatic` refuses each of its techniques."""
    return replace(
        preferences,
        refused=tuple(
            replace(refusal, technique=code)
            for refusal in preferences.refused
            for code in technique_named(refusal.technique).codes
        ),
        preferred=tuple(code for word in preferences.preferred for code in technique_named(word).codes),
    )


def _counted(usual: Mapping[str, int]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for word, count in usual.items():
        for code in technique_named(word).codes:
            counted[code] = counted.get(code, 0) + count
    return counted


def _sorted_out(findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
    treated: list[Finding] = []
    skipped: list[Skipped] = []
    for finding in dict.fromkeys(findings):
        why = _why_not(finding)
        if why:
            skipped.append(Skipped(finding, why))
        else:
            treated.append(finding)
    return tuple(treated), tuple(skipped)


def _examined(patient: PatientFacts, treated: Sequence[Finding]) -> PatientFacts:
    """A region with a dysfunction found in it needs not be asked for one."""
    found = {f"{NO_DYSFUNCTION}@{finding.region.value}" for finding in treated}
    return replace(patient, absent=patient.absent | found) if found else patient


def _why_not(finding: Finding) -> str:
    if finding.absent:
        return _ABSENT
    if finding.severity == 0:
        return _BACKGROUND
    return "" if finding.is_dysfunction else _NO_DYSFUNCTION


# One finding -------------------------------------------------------------------------------------


def _regions(finding: Finding) -> frozenset[Region]:
    """The regions a finding counts to: its own, those a range reaches, and those some authors give it."""
    return frozenset(region for region, _ in places(finding.region, finding.level) if region is not None)


def _items(finding: Finding) -> tuple[PlannedItem, ...]:
    known, regions = tables(), _regions(finding)
    return tuple(
        PlannedItem(code, finding.region, finding.level, finding.side)
        for code in known.cards
        if any(code in known.by_region[region] for region in regions)
    )


def _target(finding: Finding, situation: Situation, by_item: Mapping[PlannedItem, ItemAlert]) -> Target:
    known, regions, kinds = tables(), _regions(finding), kinds_of(finding)
    options = [_option(by_item[item], regions, finding, situation, known) for item in _items(finding)]
    order = {code: place for place, code in enumerate(known.cards)}
    options.sort(key=lambda one: _order(one, known, order))
    ranked = tuple(replace(option, rank=rank) for rank, option in enumerate(options, 1))
    return Target(finding, tuple(kind.title for kind in kinds), ranked)


def _option(
    alert: ItemAlert, regions: frozenset[Region], finding: Finding, situation: Situation, known: Tables
) -> Option:
    code = alert.item.technique
    reasons = reasons_for(code, regions, kinds_of(finding), situation, alert.fired)
    positions = positions_for(code, situation)
    return Option(
        technique=code,
        title=known.cards[code].title,
        region=finding.region,
        level=finding.level,
        side=finding.side,
        rank=0,
        standing=_standing(alert.verdict, code, situation.preferences, positions),
        verdict=alert.verdict,
        score=_score(reasons),
        reasons=reasons,
        fired=alert.fired,
        positions=positions,
    )


def _score(reasons: Sequence[Reason]) -> float:
    return round(sum(reason.weight for reason in reasons), 1)


def _standing(verdict: Verdict, code: str, preferences: Preferences, positions: tuple[str, ...]) -> Standing:
    if verdict in (Verdict.STOP, Verdict.ABSOLUTE):
        return Standing.CONTRAINDICATED
    if any(refusal.technique == code for refusal in preferences.refused):
        return Standing.REFUSED
    if not positions:
        return Standing.NO_POSITION
    return Standing.WITH_REASON if verdict is Verdict.RELATIVE else Standing.OFFERED


def _order(option: Option, known: Tables, order: Mapping[str, int]) -> tuple[float, ...]:
    """Standing, then verdict, then weight; of equal weight the gentler, then the order of the catalog."""
    gentleness = known.cards[option.technique].gentleness
    place = order[option.technique]
    return (option.standing.order, option.verdict.rank, -option.score, gentleness, place)
