"""Writes the two files of ICD-10-CM in src/openomt/knowledge/data, by hand at each update of simple-icd-10-cm.

    .venv/bin/python tools/icd.py

Nothing is typed: titles, parents, leaves and Excludes1 notes all come from the package. `icd10cm.json` holds the
codes of this field; `icd10cm-all.tsv.xz` every code, sorted, a line each, so that a worker needs neither the two
seconds nor the 190 MB that the package takes.
"""

from __future__ import annotations

import importlib.metadata
import json
import lzma
from pathlib import Path

import simple_icd_10_cm as tabular

DATA = Path(__file__).parent.parent / "src/openomt/knowledge/data"
TARGET = DATA / "icd10cm.json"
WHOLE = DATA / "icd10cm-all.tsv.xz"
ROOTS = (
    *(
        "G43",
        "G44",
        "G54",
        "G56",
        "G57",
        "M25.5",
        "M26.6",
        "M41",
        "M43",
        "M46",
        "M47",
        "M48",
        "M50",
        "M51",
        "M53",
    ),
    *(
        "M54",
        "M62.83",
        "M75",
        "M76",
        "M77",
        "M79",
        "M99",
        "N94",
        "O26",
        "O99",
        "R07",
        "R10",
        "R42",
        "R51",
        "R52",
    ),
    *("S13", "S16.1", "S23", "S33", "S39.01", "Z33"),
)


def subset() -> dict[str, list[object]]:
    """Every code under the roots, and what stands above them."""
    below = {code for root in ROOTS for code in (root, *tabular.get_descendants(root))}
    codes = below | {above for code in below for above in tabular.get_ancestors(code)}
    order = [code for code in sorted(codes) if tabular.is_valid_item(code)]
    return {code: entry(code) for code in order}


def entry(code: str) -> list[object]:
    """[title, parent, billable leaf, Excludes1 notes]

    A block of one category (`M99-M99`) has the same code as the category: the two are one entry here.
    """
    parent = tabular.get_parent(code)
    notes = tabular.get_excludes1(code)
    if parent == code:
        parent = tabular.get_parent(code, prioritize_blocks=True)
        notes = [*notes, *tabular.get_excludes1(code, prioritize_blocks=True)]
    return [tabular.get_description(code), parent, tabular.is_leaf(code), notes]


def text() -> str:
    """The file, one code a line, so that an update reads well as a difference."""
    version = importlib.metadata.version("simple-icd-10-cm")
    lines = ",\n".join(
        f"{json.dumps(code)}:{json.dumps(row, ensure_ascii=False)}" for code, row in subset().items()
    )
    return f'{{"from":"simple-icd-10-cm {version}","codes":{{\n{lines}\n}}}}\n'


def whole() -> bytes:
    """Every code, sorted by its bytes: code, title, parent, 1 where it is a billable leaf, then its notes.

    A line break inside a title or note, of which the package has a few, becomes a blank.
    """
    lines = []
    for code in sorted({code for code in tabular.get_all_codes() if tabular.is_valid_item(code)}):
        title, parent, billable, notes = entry(code)
        fields = [code, title, parent, str(int(bool(billable))), *notes]  # type: ignore[misc]
        lines.append("\t".join(" ".join(str(field).split()) for field in fields))
    return ("\n".join(lines) + "\n").encode()


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    WHOLE.write_bytes(lzma.compress(whole(), preset=9 | lzma.PRESET_EXTREME))
