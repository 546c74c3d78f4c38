"""Writes src/openomt/knowledge/data/recognition/ordinary.toml, by hand whenever phrases have changed.

    .venv/bin/python tools/ordinary_words.py en.json.gz es.json.gz drugs.txt

The lists are the dictionaries of pyspellchecker (`resources/en.json.gz`, `es.json.gz`: words with their
counts) and the names of medicines of drug-named-entity-recognition, one a line. The words of the titles of
ICD-10-CM are added. Of all these only the words are kept that the matcher would read as another: they are
spelt right and mean what they say.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import simple_icd_10_cm as tabular

from openomt.knowledge import load
from openomt.knowledge.recognition import FactPhrase, MedicineClass
from openomt.knowledge.redflags import DangerPhrase
from openomt.medicine.phrases import Matcher, Phrase, triggers
from openomt.medicine.phrases.tokens import folded

TARGET = Path(__file__).parent.parent / "src/openomt/knowledge/data/recognition/ordinary.toml"
HEAD = """\
# Words that are spelt right and lie a slip or two from a word that matters: `dancer` is not `cancer`.
# Written by tools/ordinary_words.py from kept word lists.

[defaults]
confidence = "derived"
"""


def main(english: str, spanish: str, medicines: str) -> None:
    """Reads the lists and writes the records."""
    matcher = Matcher(_phrases(), triggers())
    medical = _titles() | _plain(Path(medicines).read_text(encoding="utf-8").split())
    lists = (
        ("ordinary English", "en", ("pyspellchecker-english",), _dictionary(english)),
        ("ordinary Spanish", "es", ("pyspellchecker-spanish",), _dictionary(spanish)),
        ("words of diseases and medicines", "en", ("simple-icd-10-cm", "drug-ner"), medical),
    )
    written: set[str] = set()
    parts = [HEAD]
    for name, language, sources, words in lists:
        kept = sorted(word for word in words - written if matcher.corrects(word))
        written |= set(kept)
        parts.append(_record(name, language, sources, kept))
        print(f"{name}: {len(kept)}")
    TARGET.write_text("\n".join(parts), encoding="utf-8")


def _phrases() -> Iterable[Phrase]:
    known = load()
    for record in known.all(FactPhrase):
        yield from (Phrase("m", name, gap=record.gap) for name in record.names)
    for medicine in known.all(MedicineClass):
        yield from (Phrase("m", name) for name in medicine.names)
    for danger in known.all(DangerPhrase):
        yield from (Phrase("m", name, typos=not danger.exact) for name in danger.phrases)


def _dictionary(path: str) -> set[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return _plain(json.load(file))


def _titles() -> set[str]:
    titles = " ".join(tabular.get_description(code) for code in tabular.get_all_codes())
    return _plain(re.findall(r"[A-Za-z']+", titles))


def _plain(words: Iterable[str]) -> set[str]:
    found = {folded(word).replace("'", "") for word in words}
    return {word for word in found if word.isalpha()}


def _record(name: str, language: str, sources: tuple[str, ...], words: list[str]) -> str:
    listed = textwrap.fill(
        ", ".join(f'"{word}"' for word in words), 118, initial_indent="  ", subsequent_indent="  "
    )
    named = ", ".join(f'"{source}"' for source in sources)
    return (
        f'[[ordinarywords]]\nid = "{name}"\nlanguage = "{language}"\nsources = [{named}]\n'
        f"names = [\n{listed},\n]\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
