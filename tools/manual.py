"""Writes docs/generated: the manual's tables, from the records of `knowledge/` and the tests' example tables.

A kind of record that no page below names appears by itself, on a page of the module that defines it.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openomt
from openomt.cli.records import COMMON_FIELDS, in_words, label, own_fields, review_states
from openomt.knowledge import AWAITING_REVIEW, Confidence, Knowledge, Record, coding, diagnosis, load
from openomt.knowledge.base import CONFIDENCE_WORDS
from openomt.knowledge.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "generated"
TESTS = ROOT / "tests"
WIDE = 6  # a table of more columns than this gathers those that not every row fills into one
FIRST_WORDS = {"Em": "E/M", "Omt": "OMT", "Tart": "TART"}
API_PACKAGES = ("openomt.medicine", "openomt.knowledge")
# Fields that the record's own name or another column already says, or that only programs need.
HIDDEN_FIELDS = frozenset({*COMMON_FIELDS, "order", "translation_reviewed"})
LANDMARK_KINDS = ("landmark_test", "candidate")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tables, one for each kind of record it holds."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]


PAGES = (
    Page(
        "regions",
        "Regions and disputed structures",
        "The ten body regions, and the structures authors place differently. A practice may choose a rival.",
        ("region", "assignment"),
    ),
    Page(
        "vocabulary",
        "Vocabulary",
        "The words the reader knows. The first column is the one name that findings use.",
        (
            "technique",
            "procedure",
            "responseword",
            "pattern",
            "tartword",
            "test",
            "tenderpoint",
            "structure",
            "word",
        ),
    ),
    Page(
        "abbreviations",
        "Abbreviations and collisions",
        "Short forms, what they stand for, and how meanings that share a form are told apart.",
        ("abbreviation",),
    ),
    Page(
        "typicality",
        "Typicality rules",
        "What makes a finding biomechanically odd. Every one is a remark or a warning: none ever blocks.",
        tuple(record.kind for record in diagnosis.RECORDS if record.kind not in LANDMARK_KINDS),
    ),
    Page(
        "landmarks",
        "Landmark tables",
        "What each test shows in each dysfunction. Records marked as mirrored hold for the other side too.",
        LANDMARK_KINDS,
    ),
    Page(
        "coding",
        "Coding rules, warnings and checklist",
        "How codes are chosen and what an auditor misses. Numbers of CPT are shown only under a license.",
        tuple(record.kind for record in coding.RECORDS),
    ),
)


def main() -> int:
    """Write every page anew."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    print(f"{write_pages(OUT)} pages in {OUT.relative_to(ROOT)}")
    return 0


def write_pages(out: Path) -> int:
    """Write every page and their table of contents into a folder; how many pages there are."""
    known = load()
    pages: dict[str, str] = {}
    for page in (*PAGES, *_leftover_pages()):
        text = record_page(page, known)
        if text:
            pages[page.name] = text
    pages |= example_pages()
    pages["awaiting"] = awaiting_page(known)
    pages["sources"] = sources_page(known)
    pages["api"] = api_page()
    for name, text in pages.items():
        (out / f"{name}.md").write_text(text, encoding="utf-8")
    contents = ["# Tables", "", "```{toctree}", ":maxdepth: 1", "", *pages, "```", ""]
    (out / "index.md").write_text("\n".join(contents), encoding="utf-8")
    return len(pages)


def _leftover_pages() -> Iterator[Page]:
    named = {kind for page in PAGES for kind in page.kinds}
    modules: dict[str, list[str]] = {}
    for kind, model in KINDS.items():
        if kind not in named:
            modules.setdefault(model.__module__, []).append(kind)
    for module, kinds in modules.items():
        short = module.rpartition(".")[2]
        about = _about(sys.modules[module])
        yield Page(f"more-{short}", short.replace("_", " ").capitalize(), about, tuple(kinds))


def record_page(page: Page, known: Knowledge) -> str:
    """The page's kinds as tables; empty when there is no record of any."""
    parts = [f"# {page.title}", page.about]
    for kind in page.kinds:
        records = known.all(KINDS[kind]) if kind in KINDS else ()
        if records:
            parts += [f"## {_kind_title(KINDS[kind])}", _about(KINDS[kind]), *_tables(kind, records)]
    return "\n\n".join([*parts, ""]) if len(parts) > 2 else ""


def _kind_title(model: type[Record]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__.removesuffix("Record"))
    first, _, rest = words.partition(" ")
    return f"{FIRST_WORDS.get(first, first)} {rest.lower()}".strip()


def _about(described: object) -> str:
    """The first paragraph of a docstring; its backticks stay."""
    first = (inspect.getdoc(described) or "").split("\n\n")[0]
    return "`".join(part if at % 2 else escape(part) for at, part in enumerate(first.split("`")))


def _tables(kind: str, records: Sequence[Record]) -> Iterator[str]:
    if kind == "candidate":
        yield from candidate_tables(records)
        return
    group = "group" if kind in ("abbreviation", "word") else ""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(str(getattr(record, group)) if group else "", []).append(record)
    for name, members in groups.items():
        if name:
            yield f"### {escape(name.capitalize())}"
        yield record_table(members, hidden=HIDDEN_FIELDS | {group})


def record_table(records: Sequence[Record], hidden: Iterable[str]) -> str:
    """A row for each record, a column for each field that some record fills, and what stands behind it."""
    rows = [own_fields(record, exclude_defaults=True) for record in records]
    fields = [field for field in own_fields(records[0]) if field not in set(hidden)]
    columns = [field for field in fields if any(in_words(row.get(field)) for row in rows)]
    gathered: list[str] = []
    if len(columns) > WIDE:
        gathered = [field for field in columns if not all(in_words(row.get(field)) for row in rows)]
        columns = [field for field in columns if field not in gathered]
    head = ["id", *(label(field) for field in columns), *(["more"] if gathered else []), "stands on"]
    body = []
    for record, row in zip(records, rows, strict=True):
        cells = [escape(record.id), *(escape(in_words(row.get(field))) for field in columns)]
        if gathered:
            filled = [(label(field), in_words(row.get(field))) for field in gathered]
            cells.append("<br>".join(f"{escape(name)}: {escape(text)}" for name, text in filled if text))
        body.append([*cells, stands_on(record)])
    return table(head, body)


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


def stands_on(record: Record) -> str:
    """Confidence in words, links to the sources, review state."""
    links = ", ".join(f'<a href="sources.html#{_anchor(name)}">{escape(name)}</a>' for name in record.sources)
    states = "; ".join(review_states(record))
    return f'<span class="standing">{CONFIDENCE_WORDS[record.confidence]}; {links}; <em>{states}</em></span>'


def example_pages() -> dict[str, str]:
    """A page for each tests/TOPIC with example tables (`[[case]]` in TOML): the tests run the same rows."""
    pages = {}
    for folder in sorted(path for path in TESTS.iterdir() if path.is_dir()):
        cases = [case for path in sorted(folder.glob("*.toml")) for case in _cases(path)]
        if cases:
            pages[f"examples-{folder.name}"] = _example_page(folder.name, cases)
    return pages


def _cases(path: Path) -> list[dict[str, Any]]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    defaults = tables.get("defaults", {})
    return [{"family": path.stem, **defaults, **case} for case in tables.get("case", [])]


def _example_page(topic: str, cases: Sequence[Mapping[str, Any]]) -> str:
    title = "Every notation accepted" if topic == "notation" else f"Examples: {topic.replace('_', ' ')}"
    parts = [f"# {title}", f"The tests of `tests/{topic}` check every row of this page."]
    families: dict[str, list[Mapping[str, Any]]] = {}
    for case in cases:
        families.setdefault(str(case["family"]), []).append(case)
    for family, rows in families.items():
        columns = list(dict.fromkeys(key for row in rows for key in row if key != "family"))
        body = (
            [_code(str(row[key])) if key == "text" else escape(in_words(row.get(key))) for key in columns]
            for row in rows
        )
        parts += [
            f"## {escape(family.replace('_', ' ').capitalize())}",
            table([label(c) for c in columns], body),
        ]
    return "\n\n".join([*parts, ""])


def awaiting_page(known: Knowledge) -> str:
    """How many records of each kind no physician has read, and the uncertain ones to read first."""
    waiting = [record for record in known.everything() if record.reviewed is None]
    counts = Counter(record.kind for record in waiting)
    rows = ([escape(_kind_title(KINDS[kind])), str(number)] for kind, number in counts.items())
    uncertain = [record for record in waiting if record.confidence is Confidence.UNCERTAIN]
    return "\n\n".join(
        [
            "# What awaits review",
            f"{len(waiting)} of {sum(1 for _ in known.everything())} records are {AWAITING_REVIEW}.",
            table(["kind", "records"], rows),
            "## Read these first",
            "They are uncertain, or their sources disagree.",
            table(
                ["kind", "record", "stands on"],
                ([escape(r.kind), escape(r.summary()), stands_on(r)] for r in uncertain),
            ),
            "",
        ]
    )


def sources_page(known: Knowledge) -> str:
    """Every source, whether its text was read, and how many records name it."""
    uses = Counter(name for record in known.everything() for name in record.sources)
    rows = (
        [
            f'<a id="{_anchor(source.id)}"></a>{escape(source.id)}',
            escape(source.title),
            escape(source.where),
            "yes" if source.retrieved else "no",
            str(uses[source.id]),
            escape(source.note),
        ]
        for source in sorted(known.sources.values(), key=lambda source: source.id)
    )
    return "\n\n".join(
        [
            "# Sources",
            "The texts behind the records. Facts are told in our own words; no text is copied.",
            table(["id", "title", "where", "text read", "records", "note"], rows),
            "",
        ]
    )


def api_page() -> str:
    """A section for each module, filled by autodoc."""
    parts = [
        "# The library",
        "Pure functions on frozen values: import what you need, for example in a notebook.",
    ]
    for name in sorted(_modules(), key=lambda name: (not name.startswith(API_PACKAGES[0]), name)):
        parts += [
            f"## {escape(name)}",
            f"```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n   :ignore-module-all:\n```",
        ]
    return "\n\n".join([*parts, ""])


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(openomt.__path__, "openomt."):
        is_wanted = any(module.name == p or module.name.startswith(f"{p}.") for p in API_PACKAGES)
        if is_wanted and not module.name.rpartition(".")[2].startswith("_"):
            yield module.name


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table. Cells are already escaped."""
    lines = [list(head), ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$^&])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    inner = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;").replace("\n", "<br>")
    return f"<code>{inner}</code>"


def _anchor(source_id: str) -> str:
    return "source-" + re.sub(r"[^a-z0-9]+", "-", source_id.casefold())


if __name__ == "__main__":
    sys.exit(main())
