"""A second reader of the contraindication matrix, built apart from the program: it only walks the table.

`matrix.tsv` holds the rows and `flags.tsv` the codes of red and orange flags, as the research states them.
Facts are written `code` or `code@REGION`, regions and techniques in the research's own codes.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
REGIONS = ("HEAD", "CERV", "THOR", "LUMB", "SACR", "PELV", "LEXT", "UEXT", "RIBS", "ABDO")
TECHNIQUES = (
    "HVLA", "ME", "ART", "SOFT", "INHIB", "MFR", "CS", "FPR", "STILL", "BLT", "LAS", "OCMM", "CV4", "SOR",
    "RR", "DIA", "TP", "AP", "PP", "GAL", "VISC", "CHAP", "SACRK",
)  # fmt: skip
SEVERITY = ("PRE", "REL", "ABS", "STOP")
VERDICT = {"PRE": "clear", "REL": "relative", "ABS": "absolute", "STOP": "stop"}
# Where the left fact is true, the right ones are: the last three lines follow from what the left one means.
FOLLOWS = {
    "osteoporosis_severe": ("osteoporosis",),
    "ra_active_or_erosive": ("ra",),
    "vascular_eds_marfan": ("eds_connective_tissue",),
    "preg_t1": ("pregnant",),
    "preg_t2": ("pregnant",),
    "preg_t3": ("pregnant", "preg_over20"),
    "preg_over20": ("pregnant",),
    "infant_under_2": ("cannot_follow_instructions", "cannot_give_feedback"),
}

Held = set[tuple[str, str | None]]
Answer = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class Row:
    """A row of the matrix as written."""

    id: str
    techniques: frozenset[str]
    regions: frozenset[str]
    facts: frozenset[str]
    level: str


@cache
def rows() -> tuple[Row, ...]:
    """The matrix, in its own order."""
    return tuple(
        Row(
            line["id"],
            frozenset(TECHNIQUES if line["techniques"] == "ALL" else line["techniques"].split(",")),
            frozenset(line["regions"].split(",")),
            frozenset(line["facts"].split(",")),
            line["level"],
        )
        for line in _lines("matrix.tsv")
    )


@cache
def flag_codes() -> tuple[str, ...]:
    """Codes of the red flags (`rf_`) and orange flags (`yf_`)."""
    return tuple(line["code"] for line in _lines("flags.tsv"))


@cache
def fact_codes() -> tuple[str, ...]:
    """Every code that a row, a flag or an implication names."""
    named = {code for row in rows() for code in row.facts} - {"rf_*"}
    implied = {code for first, others in FOLLOWS.items() for code in (first, *others)}
    return tuple(sorted(named | implied | set(flag_codes())))


@cache
def regional_codes() -> tuple[str, ...]:
    """Facts that some row asks for in the region that is treated."""
    return tuple(sorted({code for row in rows() if "same" in row.regions for code in row.facts}))


def verdict_by_table(
    age_months: int | None, weeks: int | None, facts: Iterable[str], plan: Collection[tuple[str, str]]
) -> Answer:
    """The verdict of a plan of (technique, region) and the ids of every row that fires, notes included."""
    answers = item_verdicts(age_months, weeks, facts, plan)
    worst = max((verdict for verdict, _ in answers), key=tuple(VERDICT.values()).index, default="clear")
    return worst, frozenset(rule for _, rules in answers for rule in rules)


def item_verdicts(
    age_months: int | None, weeks: int | None, facts: Iterable[str], plan: Collection[tuple[str, str]]
) -> list[Answer]:
    """The same for each item of the plan by itself."""
    held = held_facts(age_months, weeks, facts)
    asked = [row for row in rows() if any(asks_for(row, code) for code, _ in held)]
    answers = []
    for technique, region in plan:
        fired = [row for row in asked if fires(row, technique, region, held)]
        worst = max((SEVERITY.index(row.level) for row in fired), default=0)
        answers.append((VERDICT[SEVERITY[worst]], frozenset(row.id for row in fired)))
    return answers


def fires(row: Row, technique: str, region: str, held: Held) -> bool:
    """Whether a row holds for one planned technique in one region."""
    if technique not in row.techniques:
        return False
    where = {place for code, place in held if asks_for(row, code)}
    if not where or "any" in row.regions:
        return bool(where)
    return region in (where if "same" in row.regions else row.regions)


def asks_for(row: Row, code: str) -> bool:
    """Whether a fact is one of those that make the row fire."""
    return code in row.facts or ("rf_*" in row.facts and code.startswith("rf_"))


def held_facts(age_months: int | None, weeks: int | None, facts: Iterable[str]) -> Held:
    """The stated facts with all that follows from them, from the age and from the weeks of pregnancy."""
    held: Held = set()
    for fact in facts:
        code, _, region = fact.partition("@")
        held.add((code, region or None))
    held |= {(code, None) for code in (*_by_age(age_months), *_by_weeks(weeks))}
    return held | {(other, region) for code, region in held for other in FOLLOWS.get(code, ())}


def _by_age(months: int | None) -> Iterator[str]:
    if months is None:
        return
    years = months // 12
    if years < 2:
        yield "infant_under_2"
    elif years <= 11:
        yield "child_2_to_11"
    elif years > 65:
        yield "age_over_65"


def _by_weeks(weeks: int | None) -> Iterator[str]:
    if weeks is None:
        return
    yield "preg_t1" if weeks < 14 else "preg_t2" if weeks <= 27 else "preg_t3"
    if weeks >= 20:
        yield "preg_over20"


def _lines(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))
