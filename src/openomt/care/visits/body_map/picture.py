"""The layer of findings over the still figure, drawn anew at each autosave, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from django.utils.html import escape
from django.utils.safestring import SafeString

from openomt.care.visits.body_map.labels import LINE, Label, leader, lines_of, place
from openomt.care.visits.body_map.marks import draw, draw_infant, is_drawn, views_of
from openomt.care.visits.body_map.shapes import LEFT_EDGE, RIGHT_EDGE, VIEW_BOX, View
from openomt.medicine.anatomy import Level, Side
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.narrative.words import finding_words
from openomt.medicine.notation import ReadFinding
from openomt.medicine.safety.values import Alerts, Verdict

Findings = Sequence[ReadFinding] | Sequence[Finding]
_BARRING = frozenset({Verdict.ABSOLUTE, Verdict.STOP})
_MOST = 24
"""Findings drawn with a label; beyond it the table alone names them, and the figure says so."""


def overlay(  # noqa: PLR0913  (what a page may say of it)
    findings: Findings,
    *,
    view: View = "back",
    current_line: int | None = None,
    text: str = "",
    alerts: Alerts | None = None,
    infant: bool = False,
) -> SafeString:
    """One view's findings as an `<svg>` that lies over the figure, with its sentence as accessible name.

    current_line  the line of `text` the caret is in, from 1: its findings are ringed (needs `ReadFinding`s)
    alerts        the answer of the safety check: a finding whose planned treatment it bars says "Do not use"
    infant        whether it lies over the figure of an infant
    """
    drawn = draw_infant if infant else draw
    shown = _merged(_numbered(findings, text, current_line))
    here = [one for one in shown if view in views_of(one[0])]
    labels = [
        Label(lines_of(finding), drawn(finding, view), is_barred(finding, alerts), current)
        for finding, current in here
        if not _is_beside(finding, here)
    ]
    beside = [drawn(finding, view).art for finding, _ in here if _is_beside(finding, here)]
    named = labels[:_MOST]
    place(named)
    parts = chain(
        (label.drawing.art for label in labels),
        beside,
        (_ring(label) for label in labels if label.current),
        ('<g class="bm-labels">',),
        chain.from_iterable(_label(label) for label in named),
        ("</g>",),
    )
    said = escape(_sentence(here, view, len(shown), alerts))
    return SafeString(
        f'<svg class="bm-over" viewBox="{VIEW_BOX}" role="img" aria-label="{said}" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def spoken(findings: Findings, *, view: View = "back", alerts: Alerts | None = None) -> str:
    """What the picture shows, in a sentence for each finding."""
    shown = _merged(_numbered(findings, "", None))
    return _sentence([one for one in shown if view in views_of(one[0])], view, len(shown), alerts)


def is_barred(finding: Finding, alerts: Alerts | None) -> bool:
    """Whether a rule bars what is planned at this finding."""
    if alerts is None:
        return False
    return any(
        alert.verdict in _BARRING
        and alert.item.region is finding.region
        and alert.item.level in (None, finding.level)
        for alert in alerts.items
    )


Shown = tuple[Finding, bool]


def _numbered(findings: Findings, text: str, current_line: int | None) -> Iterable[Shown]:
    """The findings that are drawn, and whether each stands in the current line."""
    for one in findings:
        if isinstance(one, Finding):
            if is_drawn(one):
                yield one, False
            continue
        if is_drawn(one.finding):
            line = text.count("\n", 0, one.span.start) + 1 if current_line is not None else None
            yield one.finding, line is not None and line == current_line


def _merged(found: Iterable[Shown]) -> list[Shown]:
    """What is said several times of one place, as one."""
    by_place: dict[tuple[object, Level | None, Side | None], Shown] = {}
    for finding, current in found:
        key = (finding.region, finding.level, finding.side)
        same = by_place.get(key)
        by_place[key] = (_joined(same[0], finding), same[1] or current) if same else (finding, current)
    return list(by_place.values())


def _joined(one: Finding, other: Finding) -> Finding:
    if other.motion and not one.motion:
        one, other = other, one
    severity = max((s for s in (one.severity, other.severity) if s is not None), default=None)
    tart = tuple(t for t in Tart if t in one.tart or t in other.tart)
    return replace(one, pattern=one.pattern or other.pattern, tart=tart, severity=severity)


def _is_beside(finding: Finding, shown: Sequence[Shown]) -> bool:
    """Whether a finding is only how a landmark lies, beside a named dysfunction of its region."""
    if Tart.ASYMMETRY not in finding.tart or finding.motion:
        return False
    return any(
        other is not finding
        and other.region is finding.region
        and Tart.ASYMMETRY not in other.tart
        and bool(other.motion or other.pattern)
        for other, _ in shown
    )


def _ring(label: Label) -> str:
    x, y, rx, ry = label.drawing.ring
    return (
        f'<ellipse class="bm-current" cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}"/>' if rx else ""
    )


def _label(label: Label) -> Iterable[str]:
    yield f'<path class="bm-lead" d="{leader(label)}"/>'
    x, end = (RIGHT_EDGE, ' text-anchor="end"') if label.side > 0 else (LEFT_EDGE, "")
    y = label.top + 12
    for number, line in enumerate(label.lines):
        css = ' class="bm-sub"' if number else ""
        yield f'<text{css} x="{x:g}" y="{y:.1f}"{end}>{escape(line)}</text>'
        y += LINE
    if label.barred:
        icon, words = (x - 11, x - 15) if label.side > 0 else (x, x + 15)
        yield f'<use class="bm-bad" href="#i-avoid" x="{icon:g}" y="{y - 10:.1f}" width="11" height="11"/>'
        yield f'<text class="bm-bad" x="{words:g}" y="{y:.1f}"{end}>Do not use</text>'


@lru_cache(maxsize=4096)
def _words(finding: Finding) -> str:
    return finding_words(finding).text


def _sentence(here: Sequence[Shown], view: View, total: int, alerts: Alerts | None) -> str:
    words = [
        _words(finding) + (", treatment not to be used" if is_barred(finding, alerts) else "")
        for finding, _ in here
    ]
    elsewhere = total - len(here)
    other = "front" if view == "back" else "back"
    more = f" {elsewhere} more on the {other} view." if elsewhere else ""
    if not words:
        return f"{view.capitalize()} view. Nothing found here yet.{more}"
    return f"{view.capitalize()} view. {'. '.join(words)}.{more}"
