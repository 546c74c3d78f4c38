"""The shipped records hold together: the ten regions, the disputed structures, the short forms."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from openomt.knowledge import load
from openomt.knowledge.kinds import KINDS
from openomt.knowledge.marks import AWAITING_REVIEW
from openomt.knowledge.vocabulary import (
    Abbreviation,
    Assignment,
    NamedProcedure,
    Pattern,
    RegionRecord,
    Structure,
    Technique,
    TenderPoint,
)
from openomt.medicine.anatomy import SPINE, Region

REGIONS = [
    # id, what patients call it, ICD-10-CM, words of the official title
    ("head", "head", "M99.00", "head region"),
    ("cervical", "neck", "M99.01", "cervical region"),
    ("thoracic", "upper and middle back", "M99.02", "thoracic region"),
    ("lumbar", "low back", "M99.03", "lumbar region"),
    ("sacral", "base of the spine", "M99.04", "sacral region"),
    ("pelvic", "hip bones and pelvis", "M99.05", "pelvic region"),
    ("lower_extremity", "legs and feet", "M99.06", "lower extremity"),
    ("upper_extremity", "shoulders, arms and hands", "M99.07", "upper extremity"),
    ("rib", "ribs", "M99.08", "rib cage"),
    ("abdomen", "belly", "M99.09", "abdomen and other regions"),
]

ASSIGNMENTS = [
    # structure, default region, the regions a practice may choose instead
    ("OA", "head", {"cervical"}),
    ("costovertebral joint", "rib", {"thoracic"}),
    ("costotransverse joint", "rib", {"thoracic"}),
    ("SI joint", "sacral", {"pelvic"}),
    ("hip joint", "lower_extremity", {"pelvic"}),
    ("CT junction", "cervical", {"thoracic"}),
    ("TL junction", "thoracic", {"lumbar"}),
    ("LS junction", "lumbar", {"sacral"}),
    ("diaphragm", "abdomen", {"rib", "thoracic"}),
    ("clavicle", "upper_extremity", {"rib"}),
    ("SC joint", "upper_extremity", {"rib"}),
    ("AC joint", "upper_extremity", {"rib"}),
    ("sternum", "rib", {"thoracic"}),
    ("hyoid", "cervical", {"head"}),
    ("thoracic inlet", "thoracic", {"rib", "upper_extremity"}),
    ("pectoralis minor", "upper_extremity", {"rib"}),
    ("UPL5", "lumbar", {"pelvic", "sacral"}),
    ("LPL5", "lumbar", {"pelvic", "sacral"}),
]

COLLISIONS = [
    # written, the meanings it has
    ("CT", {"cervicothoracic", "computed tomography"}),
    ("LS", {"lumbosacral", "lateral strain"}),
    ("AC", {"acromioclavicular", "anterior cervical tender point"}),
    ("SFT", {"standing flexion test", "seated flexion test"}),
    ("US", {"superior shear", "ultrasound"}),
    ("PT", {"physical therapy", "posterior thoracic tender point"}),
    ("pt", {"patient"}),
    ("CTJ", {"costotransverse joint", "cervicothoracic junction"}),
    ("RR", {"rotated right", "respiratory rate"}),
    ("VS", {"vertical strain", "vital signs"}),
]


def test_the_data_loads_and_every_record_has_a_known_source() -> None:
    known = load()
    assert sum(1 for _ in known.everything()) > 250
    for record in known.everything():
        assert record.sources
        assert set(record.sources) <= set(known.sources), f"{record.kind} {record.id}"


def test_no_record_stands_on_a_page_known_to_be_wrong() -> None:
    known = load()
    wrong = {source.id for source in known.sources.values() if source.note.startswith("NOT TO BE TRUSTED")}
    assert {"250plus-ribs", "bonewizardry-cervical", "examzify-passetra-oa"} <= wrong
    assert [record.id for record in known.everything() if wrong & set(record.sources)] == []


def test_no_record_claims_a_review_that_has_not_happened() -> None:
    assert {record.review_state for record in load().everything()} == {AWAITING_REVIEW}


def test_the_ten_regions_are_those_of_the_anatomy_in_its_order() -> None:
    records = sorted(load().all(RegionRecord), key=lambda record: record.order)
    assert [record.id for record in records] == [region.value for region in Region]
    assert [record.order for record in records] == list(range(10))


@pytest.mark.parametrize(("region", "plain", "code", "title"), REGIONS)
def test_a_region_has_its_code_and_plain_words(
    region: str, plain: str, code: str, title: str, tabular: Any
) -> None:
    record = load().get(RegionRecord, region)
    assert (record.plain, record.icd10cm) == (plain, code)
    assert tabular.get_description(code).endswith(title)


def test_no_spelling_names_two_regions() -> None:
    owners = defaultdict(set)
    for record in load().all(RegionRecord):
        for name in record.names:
            owners[name.casefold()].add(record.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(("structure", "default", "rivals"), ASSIGNMENTS)
def test_a_disputed_structure_has_its_default_and_its_rivals(
    structure: str, default: str, rivals: set[str]
) -> None:
    [record] = [a for a in load().all(Assignment) if structure in a.structures]
    assert record.default == default
    assert {rival.region for rival in record.rivals} == rivals


def test_a_rival_is_another_region_than_the_default_and_says_why() -> None:
    for record in load().all(Assignment):
        assert record.default not in {rival.region for rival in record.rivals}, record.id
        assert all(rival.why for rival in record.rivals), record.id


def test_the_vocabulary_puts_a_disputed_structure_in_the_default_region() -> None:
    known = load()
    regions: dict[str, str | None] = {}
    places: list[Structure | TenderPoint] = [*known.all(Structure), *known.all(TenderPoint)]
    for place in places:
        for name in (place.id, *place.names):
            regions[name.casefold()] = place.region
    wrong = {
        name: (regions[name.casefold()], record.default)
        for record in known.all(Assignment)
        for name in record.structures
        if regions.get(name.casefold(), record.default) != record.default
    }
    assert wrong == {}


@pytest.mark.parametrize(("short", "expected"), COLLISIONS)
def test_a_colliding_short_form_has_all_its_meanings(short: str, expected: set[str]) -> None:
    assert {r.meaning for r in load().all(Abbreviation) if short in r.short} == expected


def test_every_meaning_of_a_colliding_short_form_says_how_it_is_told_apart() -> None:
    by_short = defaultdict(list)
    for record in load().all(Abbreviation):
        for short in record.short:
            by_short[short].append(record)
    silent = [r.id for records in by_short.values() if len(records) > 1 for r in records if not r.collides]
    assert silent == []


def test_a_house_form_nobody_saw_is_marked_uncertain() -> None:
    unseen = [record for record in load().all(Abbreviation) if not record.observed]
    assert {"USF", "BSE", "KL", "CGR", "TLP"} <= {short for record in unseen for short in record.short}
    assert {record.confidence.value for record in unseen} == {"?"}


def test_records_that_point_to_other_records_point_to_existing_ones() -> None:
    known = load()
    places = {record.id for kind in (Structure, RegionRecord, Pattern) for record in known.all(kind)}
    techniques = {record.id for record in known.all(Technique)}
    assert {p.technique for p in known.all(NamedProcedure)} <= techniques
    assert {p.implies for p in known.all(Pattern) if p.implies} <= places | set(SPINE)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert all(model.kind == name for name, model in KINDS.items())
    assert "source" not in KINDS
