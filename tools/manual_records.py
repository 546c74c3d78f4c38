"""How the manual shows records: as rows of a table, or each as a section of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openomt.cli.records import COMMON_FIELDS, in_words, label, own_fields
from openomt.knowledge import Confidence, Record
from openomt.knowledge.marks import CONFIDENCE_WORDS
from tools.manual_text import escape, filtered, lines, name, small, stands_on, table, values

WIDE = 6  # a table of more columns than this gathers those that not every row fills into one
# Fields that the record's own name or another column already says, or that only programs need.
HIDDEN_FIELDS = frozenset({*COMMON_FIELDS, "order", "translation_reviewed"})
LIST_FIELDS = 3  # a list of things with fewer fields than this is told on one line


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of a kind are shown.

    group      the field whose values part the table
    lead       the fields that have a column; the others share one. Empty: as many as fit
    choose     the fields by whose values a reader can choose rows
    sections   a section for each record instead of a row, after a table of the fields of `lead`
    """

    group: str = ""
    lead: tuple[str, ...] = ()
    choose: tuple[str, ...] = ()
    sections: bool = False


def shown(records: Sequence[Record], shape: Shape) -> Iterator[str]:
    """The records of one kind in their shape."""
    if shape.sections:
        if shape.lead:
            yield glance_table(records, shape)
        yield from map(record_section, records)
        return
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(str(getattr(record, shape.group)) if shape.group else "", []).append(record)
    for group, members in groups.items():
        if group:
            yield f"### {escape(group[:1].upper() + group[1:])}"
        rows = record_table(
            members, hidden=HIDDEN_FIELDS | {shape.group}, lead=shape.lead, choose=shape.choose
        )
        yield filtered(rows) if shape.choose else rows


def record_table(
    records: Sequence[Record], hidden: Iterable[str], lead: Sequence[str] = (), choose: Sequence[str] = ()
) -> str:
    """A row for each record, a column for each field that some record fills, and what stands behind it."""
    rows = [own_fields(record, exclude_defaults=True) for record in records]
    fields = [field for field in own_fields(records[0]) if field not in set(hidden)]
    columns = [field for field in fields if any(in_words(row.get(field)) for row in rows)]
    gathered: list[str] = []
    if lead:
        gathered = [field for field in columns if field not in lead]
    elif len(columns) > WIDE:
        gathered = [field for field in columns if not all(in_words(row.get(field)) for row in rows)]
    columns = [field for field in lead or columns if field in columns and field not in gathered]
    head = ["id", *(label(field) for field in columns), *(["more"] if gathered else []), "stands on"]
    body = []
    for record, row in zip(records, rows, strict=True):
        cells = [name(record.id), *(_cell(row.get(field), field in choose) for field in columns)]
        if gathered:
            cells.append(_gathered({field: row.get(field) for field in gathered}))
        body.append([*cells, stands_on(record)])
    return table(head, body)


def glance_table(records: Sequence[Record], shape: Shape) -> str:
    """What the sections below tell of, in a row each."""
    rows = [own_fields(record) for record in records]
    body = ([_cell(row.get(field), field in shape.choose) for field in shape.lead] for row in rows)
    return filtered(table([label(field) for field in shape.lead], body))


def _cell(value: object, is_choice: bool) -> str:
    if not is_choice:
        return lines(in_words(value))
    names = value if isinstance(value, list) else [value] if value else []
    return values(label(in_words(one)) for one in names)


def _gathered(fields: Mapping[str, object]) -> str:
    filled = ((label(field), in_words(value)) for field, value in fields.items())
    return "<br>".join(f"<em>{escape(field)}:</em> {escape(text)}" for field, text in filled if text)


def record_section(record: Record) -> str:
    """A record under its own heading: what is short in one table, each list of things in another."""
    fields = own_fields(record, exclude_defaults=True)
    title = str(fields.get("title", record.id))
    named = {field: value for field, value in fields.items() if field not in HIDDEN_FIELDS | {"title"}}
    lists = {field: value for field, value in named.items() if _is_table(value)}
    facts = [
        [escape(label(field)), lines(in_words(value))]
        for field, value in named.items()
        if field not in lists and in_words(value)
    ]
    parts = [
        f"### {escape(title)}",
        f"{escape(record.id)}. {stands_on(record)}",
        table(["field", "says"], facts),
    ]
    for field, items in lists.items():
        parts += [f"**{escape(label(field).capitalize())}**", _list_table(items)]
    return "\n\n".join(parts)


def _is_table(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
        and (len(value) > 1 or max(map(len, value)) >= LIST_FIELDS)
    )


def _list_table(items: Sequence[Mapping[str, Any]]) -> str:
    named = dict.fromkeys(field for item in items for field in item)
    columns = sorted(named, key=lambda field: field in ("confidence", "sources"))
    rows = ([_list_cell(field, item.get(field)) for field in columns] for item in items)
    return table([escape(label(field)) for field in columns], rows)


def _list_cell(field: str, value: object) -> str:
    if field == "confidence" and value:
        return small(escape(CONFIDENCE_WORDS[Confidence(str(value))]))
    return lines(in_words(value))


def candidate_tables(records: Sequence[Record]) -> Iterator[str]:
    """For each family a table of its dysfunctions by its tests, then each dysfunction with the reasons."""
    families: dict[str, list[Record]] = {}
    for record in records:
        families.setdefault(own_fields(record)["family"], []).append(record)
    for family, members in families.items():
        fits = {
            record.id: {e["test"]: " or ".join(e["fits"]) for e in own_fields(record)["expects"]}
            for record in members
        }
        tests = list(dict.fromkeys(test for row in fits.values() for test in row))
        rows = ([escape(name), *(escape(row.get(test, "")) for test in tests)] for name, row in fits.items())
        title = family if family.isupper() else family.capitalize()
        yield f"### {escape(title)} at a glance\n\n{table(['dysfunction', *map(escape, tests)], rows)}"
        yield from map(candidate_section, members)


def candidate_section(record: Record) -> str:
    """A dysfunction as a table of its tests: what each shows, and why."""
    values = own_fields(record, exclude_defaults=True)
    expects: Sequence[Mapping[str, Any]] = values.pop("expects")
    facts = [
        f"{label(field)}: {in_words(value)}" for field, value in values.items() if field not in HIDDEN_FIELDS
    ]
    rows = (
        [escape(str(expect["test"])), escape(" or ".join(expect["fits"])), escape(str(expect["why"]))]
        for expect in expects
    )
    return "\n\n".join(
        [
            f"#### {escape(record.id)}",
            escape("; ".join(facts)),
            table(["test", "shows", "why"], rows),
            stands_on(record),
        ]
    )
