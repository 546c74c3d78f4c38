"""The manual's tables of safety: the contraindication matrix, the check-in table, the words for patients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openomt.cli.records import in_words, label, own_fields
from openomt.knowledge import Record, load, safety
from openomt.medicine.safety.practice import Setting, practice
from tests.patient_sentences import everything_told, measured
from tests.reading_level import grade, spanish_ease
from tools.manual_text import NO_CONTENTS, escape, filtered, small, stands_on, table, values

EVERY_TECHNIQUE, ANY_REGION, FACTS_REGION, ANY_FLAG = (
    "every technique", "any region", "the region where it is", "any red flag",
)  # fmt: skip
DAYS = (1, 3, 7)
LEVELS = ("precaution", "relative", "absolute", "stop")


def matrix(records: Sequence[Record]) -> Iterator[str]:
    """Every contraindication as a row that a reader can choose by technique, region, fact, level and mark."""
    titles = {fact.id: fact.title for fact in load().all(safety.PatientFact)}
    head = ["rule", "technique", "region", "when this is true", "level", "why", "instead", "stands on"]
    yield filtered(table(head, (_matrix_row(record, titles) for record in records)))


def _matrix_row(record: Record, titles: dict[str, str]) -> list[str]:
    row: Any = record
    everything = row.techniques == (safety.ALL_TECHNIQUES,)
    techniques = values([EVERY_TECHNIQUE], every=True) if everything else values(row.techniques)
    spread = {safety.ANY_REGION: ANY_REGION, safety.SAME_REGION: FACTS_REGION}
    somewhere = [spread[name] for name in row.regions if name in spread]
    regions = values(somewhere, every=True) if somewhere else values(map(label, row.regions))
    facts = values(ANY_FLAG if name == safety.ANY_RED_FLAG else titles.get(name, name) for name in row.facts)
    level = f'<span class="level-{row.level}">{values([row.level])}</span>'
    why = escape(row.why) + (f"<br>{small(escape(row.doubt))}" if row.doubt else "")
    return [
        f'<span id="{row.id}" class="rule">{escape(row.id)}</span>',
        techniques,
        regions,
        facts,
        level,
        why,
        escape(row.instead),
        stands_on(record),
    ]


def contested_page() -> str:
    """The rules about which sources disagree: what each says, and how far a practice may set it."""
    titles = {fact.id: fact.title for fact in load().all(safety.PatientFact)}
    head = ["rule", "technique", "region", "when this is true", "level", "may be set to", "disputed"]
    rows = (
        [
            f'<a class="rule" href="contraindications.html#{row.id}">{escape(row.id)}</a>',
            *_matrix_row(row, titles)[1:5],
            escape(", ".join(_levels_a_practice_may_choose(row))),
            f"{escape('. '.join(filter(None, (row.topic, row.doubt))))}<br>{stands_on(row)}",
        ]
        for row in load().all(safety.Contraindication)
        if row.contested
    )
    return "\n\n".join(
        [
            NO_CONTENTS,
            "# Contested rules",
            "Sources disagree about these. The program takes the stricter reading unless a practice sets "
            "the level, with a reason and a name: [how](../practice.md).",
            filtered(table(head, rows)),
            "",
        ]
    )


def _levels_a_practice_may_choose(row: safety.Contraindication) -> list[str]:
    return [level for level in LEVELS if level != row.level and _may_be_set(row.id, level)]


def _may_be_set(rule: str, level: str) -> bool:
    try:
        practice((Setting(rule, level, reason="asked for the manual", by="the manual"),))
    except ValueError:
        return False
    return True


def triage(records: Sequence[Record]) -> Iterator[str]:
    """The answers to a check-in, with a column for each day it is asked."""
    titles = {result.id: result for result in _all("triageresult")}
    head = ["row", "when the patient says", *(f"day {day}" for day in DAYS), "why", "stands on"]
    rows = []
    for record in sorted(records, key=lambda row: own_fields(row)["order"]):
        fields = own_fields(record)
        who = in_words(fields["populations"])
        cells = [[cell for cell in fields["cells"] if day in cell["days"]] for day in DAYS]
        rows.append(
            [
                escape(record.id),
                f"{escape(fields['answer'])}<br>{small(escape(who))}",
                *("<br>".join(_triage_cell(cell, titles) for cell in on_day) for on_day in cells),
                escape(fields["why"]) + (f"<br>{small(escape(fields['doubt']))}" if fields["doubt"] else ""),
                stands_on(record),
            ]
        )
    yield table(head, rows)


def _triage_cell(cell: dict[str, Any], titles: dict[str, Record]) -> str:
    result = titles.get(cell["result"])
    answer = escape(str(getattr(result, "title", cell["result"])))
    when = [" and ".join(map(label, words)) for words in cell["context"]]
    if cell["easing"] is not None:
        when.append("easing" if cell["easing"] else "not easing")
    more = f" (asked again in {cell['again_in_days']} d)" if cell["again_in_days"] else ""
    return f"<em>{escape(' or '.join(when))}:</em> {answer}{more}" if when else f"{answer}{more}"


def _all(kind: str) -> list[Record]:
    return [record for record in load().everything() if record.kind == kind]


def patient_page() -> str:
    """Every text for patients in both languages, with how hard its hardest sentence is to read."""
    rows = []
    for text in everything_told():
        kind, where = text.where.split(" ", 1)
        hardest = max((grade([part]) for part in measured(text.en)), default=None)
        ease = min((spanish_ease([part]) for part in measured(text.es) if hardest is not None), default=None)
        rows.append(
            [
                values([kind]),
                small(escape(where)),
                escape(text.en),
                escape(text.es),
                "" if hardest is None else f"{max(hardest, 0):.0f}",
                "" if ease is None else f"{ease:.0f}",
                values(["fixed wording of its owner" if text.fixed else text.state]),
            ]
        )
    return "\n\n".join(
        [
            NO_CONTENTS,
            "# Words for patients",
            f"The {len(rows)} texts a patient can read. The grade is that of the hardest sentence by Flesch "
            "and Kincaid: a test keeps our own wording at 6 or below. The ease of the Spanish is by "
            "Fernández Huerta: above 80 is easy, 60 to 70 ordinary; it is told, not tested.",
            filtered(table(["kind", "where", "English", "Spanish", "grade", "ease", "Spanish words"], rows)),
            "",
        ]
    )
