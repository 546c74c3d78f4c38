"""Writes docs/generated: the manual's tables, from the records of `knowledge/` and the tests' example tables.

A kind of record that no page below names appears by itself, on a page of the module that defines it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openomt.cli.records import in_words, label
from openomt.knowledge import AWAITING_REVIEW, Confidence, Knowledge, Record, coding, diagnosis, load
from openomt.knowledge.kinds import KINDS
from tools.manual_records import Shape, candidate_tables, shown
from tools.manual_safety import contested_page, matrix, patient_page, triage
from tools.manual_text import NO_CONTENTS, anchor, code, escape, stands_on, table

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "generated"
TESTS = ROOT / "tests"
FIRST_WORDS = {"Em": "E/M", "Omt": "OMT", "Tart": "TART"}
API_PACKAGES = ("openomt.medicine", "openomt.knowledge")
LANDMARK_KINDS = ("landmark_test", "candidate")
# Kinds that are not rows of a table as wide as their fields.
SHAPES: Mapping[str, Shape] = {
    "abbreviation": Shape(group="group"),
    "word": Shape(group="group"),
    "fact": Shape(group="group", lead=("title", "definition", "implies", "ask")),
    "redflag": Shape(
        lead=("number", "section", "sign", "think_of", "urgency", "action"), choose=("section", "urgency")
    ),
    "urgencyrule": Shape(lead=("title", "tell", "task", "unsure_task")),
    "imagingrule": Shape(lead=("situation", "first")),
    "screenquestion": Shape(group="group", lead=("ask", "es", "signs")),
    "techniquecard": Shape(lead=("title", "plain", "regions"), choose=("regions",)),
    "evidencelabel": Shape(lead=("title_en", "en")),
    "condition": Shape(
        sections=True,
        lead=("number", "title", "grade", "label", "techniques", "population"),
        choose=("grade", "label", "techniques", "population"),
    ),
    "instrument": Shape(sections=True, lead=("title", "abbreviation", "domain", "use"), choose=("use",)),
    "battery": Shape(sections=True),
    "population": Shape(sections=True),
}
OWN_TABLES: Mapping[str, Callable[[Sequence[Record]], Iterator[str]]] = {
    "candidate": candidate_tables,
    "contraindication": matrix,
    "triagerow": triage,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tables, one for each kind of record it holds. `wide`: they need the width of the contents."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]
    wide: bool = False


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
    Page(
        "contraindications",
        "Contraindications",
        "What bars, limits or asks for care. `stop`: no treatment until something is done. `absolute`: not "
        "this technique in this region. `relative`: only with a written reason. `precaution`: a note. Where "
        "sources disagree, the row says so and [a practice may set it](../practice.md).",
        ("contraindication",),
        wide=True,
    ),
    Page(
        "practice-bounds",
        "How far a practice may set a rule",
        "The bounds of [a practice's own levels](../practice.md).",
        ("settingbound",),
    ),
    Page(
        "facts",
        "Facts about a patient",
        "What the contraindications ask for: what each fact means, what it implies, and the question to ask.",
        ("fact",),
    ),
    Page(
        "red-flags",
        "Red flags and imaging",
        "Signs that stop treatment, how urgent each is, what to do; and whether pictures come first. "
        "E: emergency now. U: the same day. S: work-up before treatment.",
        ("urgencyrule", "redflag", "screennotice", "imagingrule", "neckstep"),
        wide=True,
    ),
    Page(
        "screening",
        "Screening questions",
        "What a patient is asked before a visit, and the words in which danger is told.",
        ("screenquestion", "dangersign", "dangerphrase", "measuredsign"),
        wide=True,
    ),
    Page(
        "check-ins",
        "After treatment",
        "What a patient's answer after treatment leads to, day by day, and how often what follows it.",
        ("triagerow", "triageresult", "aftereffectnumber", "aftercare"),
        wide=True,
    ),
    Page(
        "techniques",
        "Technique cards",
        "What to know of a technique before the hand moves, and what each is used for.",
        ("techniquecaution", "techniquecard", "techniqueuse", "findingkind", "rankweight"),
        wide=True,
    ),
    Page(
        "recognition",
        "Words and codes that mean facts",
        "How a complaint, a chart's words, a code or a medicine is recognized.",
        (
            "complaint",
            "duration",
            "timeword",
            "factphrase",
            "factreading",
            "codefacts",
            "encounter",
            "medicineclass",
            "medicinerule",
            "threshold",
            "followingfact",
            "regionwords",
            "chartwords",
            "trigger",
            "ordinarywords",
        ),
    ),
    Page(
        "populations",
        "Groups of patients",
        "Whom to treat otherwise, and how.",
        ("population", "studypopulation"),
    ),
    Page(
        "evidence",
        "Conditions and their evidence",
        "What OMT has been studied for, how sure anybody is, and what the trials gave.",
        (
            "evidencelabel",
            "tonefact",
            "condition",
            "guideline",
            "dose",
            "doseresponse",
            "comparison",
            "courseadvice",
            "evidencesentence",
            "barredclaim",
        ),
    ),
    Page(
        "instruments",
        "Questionnaires",
        "Whose they are, their items and scoring, and what change in them matters.",
        (
            "battery",
            "instrument",
            "outcomerule",
            "reviewrule",
            "answeralert",
            "importedchange",
            "barredinstrument",
        ),
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
    pages["contested"] = contested_page()
    pages |= example_pages()
    pages["patient-words"] = patient_page()
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
    kinds = [(kind, known.all(KINDS[kind])) for kind in page.kinds if kind in KINDS]
    parts = []
    for kind, records in kinds:
        if records:
            tables = list(_tables(kind, records))
            alone = len(page.kinds) == 1 == len(tables)
            parts += [] if alone else [f"## {_kind_title(KINDS[kind])}"]
            parts += [_about(KINDS[kind]), *tables]
    if not parts:
        return ""
    head = [f"# {page.title}", page.about]
    wide = [NO_CONTENTS] if page.wide else []
    return "\n\n".join([*wide, *head, *parts, ""])


def _kind_title(model: type[Record]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__.removesuffix("Record"))
    first, _, rest = words.partition(" ")
    return f"{FIRST_WORDS.get(first, first)} {rest.lower()}".strip()


def _about(described: object) -> str:
    """The first paragraph of a docstring; its backticks stay."""
    first = (inspect.getdoc(described) or "").split("\n\n")[0]
    return "`".join(part if at % 2 else escape(part) for at, part in enumerate(first.split("`")))


def _tables(kind: str, records: Sequence[Record]) -> Iterator[str]:
    own = OWN_TABLES.get(kind)
    yield from own(records) if own else shown(records, SHAPES.get(kind, Shape()))


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
            [
                code(str(row[key])) if key == "text" and key in row else escape(in_words(row.get(key)))
                for key in columns
            ]
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
            f'<a id="{anchor(source.id)}"></a>{escape(source.id)}',
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
    """The modules of the library. The site is not walked: its modules need Django's settings to be imported."""
    for package in API_PACKAGES:
        yield package
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.rpartition(".")[2].startswith("_"):
                yield module.name


if __name__ == "__main__":
    sys.exit(main())
