"""Reading a visit: spellings accepted, and errors that name the field."""

from __future__ import annotations

from typing import Any

import pytest

from openomt.medicine.anatomy import Region, rib_level, segment_level
from openomt.medicine.coding import code
from openomt.medicine.findings import Tart
from openomt.medicine.visit import Abn, EffortLevel, EmMethod, PatientStatus, Response, SameDayService
from openomt.medicine.visit_json import from_json, region_spellings


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("rib_cage", "rib"),
        ("ribs", "rib"),
        ("Rib", "rib"),
        ("abdomen_other", "abdomen"),
        ("viscera", "abdomen"),
        ("abdomen/viscera", "abdomen"),
        ("lower_extremities", "lower_extremity"),
        ("left leg", "lower_extremity"),
        ("Upper Extremity", "upper_extremity"),
        ("pelvis", "pelvic"),
        ("sacrum", "sacral"),
        ("L-spine", "lumbar"),
        ("hip", "pelvic"),
        ("OA", "head"),
        ("SI joint", "sacral"),
        ("pubic symphysis", "pelvic"),
        ("AC joint", "upper_extremity"),
        ("costochondral", "rib"),
        ("lumbosacral", "lumbar"),
        ("knee", "lower_extremity"),
        ("C7-T1", "cervical"),
        ("T12-L1", "thoracic"),
        ("L5-S1", "lumbar"),
        ("rib 4", "rib"),
    ],
)
def test_region_names(name: str, region: str) -> None:
    visit = from_json({"regions": [{"region": name, "treated": True, "technique": "MFR", "tart": ["T"]}]})
    assert [part.region for part in visit.findings] == [Region(region)]
    assert [part.region for part in visit.treatments] == [Region(region)]


@pytest.mark.parametrize(
    ("tart", "expected"),
    [
        (["T", "R"], "tissue_texture restriction"),
        (["T", "A", "R", "T"], "tissue_texture asymmetry restriction tenderness"),
        ("TART", "tissue_texture asymmetry restriction tenderness"),
        ("tenderness, restricted motion", "restriction tenderness"),
        (["tissue texture change", "asymmetry"], "tissue_texture asymmetry"),
        ({"T": True, "A": False, "R": True}, "tissue_texture restriction"),
        ([], ""),
        (None, ""),
        (["none"], ""),
    ],
)
def test_tart(tart: object, expected: str) -> None:
    visit = from_json({"regions": [{"region": "lumbar", "treated": True, "tart": tart}]})
    found = [element for finding in visit.findings for element in finding.tart]
    assert found == [Tart(name) for name in expected.split()]


@pytest.mark.parametrize(
    ("row", "techniques"),
    [
        ({"technique": "HVLA", "treated": True}, ["HVLA"]),
        ({"technique": ["HVLA", "MFR"], "treated": True}, ["HVLA", "MFR"]),
        ({"technique": None, "treated": True}, [None]),
        ({"technique": "", "treated": "yes"}, [None]),
        ({"treated": True}, [None]),
        ({"technique": "HVLA"}, ["HVLA"]),
        ({"technique": "HVLA", "treated": False}, []),
        ({"technique": None}, []),
    ],
)
def test_techniques(row: dict[str, Any], techniques: list[str | None]) -> None:
    visit = from_json({"regions": [{"region": "lumbar"} | row]})
    assert [part.technique for part in visit.treatments] == techniques


def test_segments_sides_severity_and_response() -> None:
    visit = from_json(
        {
            "regions": [
                {
                    "region": "cervical",
                    "segments": ["C2", "C5-7"],
                    "side": "L",
                    "severity": 2,
                    "tart": "R",
                    "treated": True,
                    "response": "better",
                },
                {"segments": "ribs 4-6", "tart": "T", "treated": True, "response": None},
            ]
        }
    )
    assert [part.level for part in visit.findings] == [
        segment_level("C2"),
        segment_level("C5", "C7"),
        rib_level(4, 6),
    ]
    assert [part.severity for part in visit.findings] == [2, 2, None]
    assert visit.responses == ((Region.CERVICAL, Response.IMPROVED),)
    assert visit.treatments[1].level == rib_level(4, 6)
    assert visit.treatments[1].region is Region.RIB


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("minimal", "minimal"),
        ("straightforward", "minimal"),
        ("Low", "low"),
        ("limited", "low"),
        ("moderate", "moderate"),
        ("extensive", "high"),
        ("high", "high"),
    ],
)
def test_levels_of_decision_making(said: str, word: str) -> None:
    evaluation = from_json({"em": {"problems": said, "data": said, "risk": said}}).evaluation
    assert evaluation is not None
    assert {evaluation.problems, evaluation.data, evaluation.risk} == {EffortLevel(word)}
    whole = from_json({"em": {"mdm": said}}).evaluation
    assert whole is not None
    assert whole.risk is EffortLevel(word)


def test_an_evaluation_may_be_absent_null_false_or_not_performed() -> None:
    for em in (None, False, {"performed": False}):
        assert from_json({"em": em}).evaluation is None
    assert from_json({}).evaluation is None
    assert from_json({"em": True}).evaluation is not None


def test_time_in_its_spellings() -> None:
    for em in (
        {"method": "time", "total_minutes": 45, "omt_minutes": 20},
        {"total_time": 45, "omt_time": 20},
        {"method": "total time", "minutes": 45, "omt_minutes": 20.0},
    ):
        evaluation = from_json({"em": em}).evaluation
        assert evaluation is not None
        found = (evaluation.method, evaluation.total_minutes, evaluation.omt_minutes)
        assert found == (EmMethod.TIME, 45, 20)
    apart = from_json({"em": {"em_minutes": 25}}).evaluation
    assert apart is not None
    assert (apart.total_minutes, apart.omt_minutes) == (25, 0)


@pytest.mark.parametrize(
    ("fields", "abn", "maintenance"),
    [
        ({"abn": True}, Abn.ON_FILE, None),
        ({"abn": "on_file"}, Abn.ON_FILE, None),
        ({"abn": "GA"}, Abn.ON_FILE, None),
        ({"abn": False}, Abn.MISSING, None),
        ({"abn": "none"}, Abn.MISSING, None),
        ({"abn": "not signed"}, Abn.MISSING, None),
        ({"abn": "GX"}, Abn.VOLUNTARY, None),
        ({"abn": "not needed"}, None, None),
        ({"abn": None}, None, None),
        ({"abn": {"on_file": False, "required": True}}, Abn.MISSING, True),
        ({"maintenance": True}, None, True),
        ({"maintenance": False}, None, False),
        ({"expected_denial": "yes"}, None, True),
        ({"medically_necessary": False}, None, True),
        ({"medical_necessity": "maintenance"}, None, True),
        ({"progress": True}, None, False),
        ({"progress": "none"}, None, True),
        ({"care_type": "maintenance care"}, None, True),
        ({"purpose": "active"}, None, False),
    ],
)
def test_advance_notice_and_maintenance(
    fields: dict[str, Any], abn: Abn | None, maintenance: bool | None
) -> None:
    billing = from_json(fields).billing
    assert (billing.abn, billing.maintenance) == (abn, maintenance)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("97140", SameDayService(code="97140")),
        (97140, SameDayService(code="97140")),
        ("97140-59", SameDayService(code="97140", modifiers=("59",))),
        ("97140 by PT", SameDayService(code="97140", name="by pt", other_discipline=True)),
        ("g2211", SameDayService(code="G2211")),
        ("nerve block for OMT", SameDayService(name="nerve block for omt", for_omt=True)),
        ({"code": "97140", "by": "same"}, SameDayService(code="97140", other_discipline=False)),
        ({"code": "97110", "performer": "PT"}, SameDayService(code="97110", other_discipline=True)),
        ({"cpt": "97140", "same_physician": True}, SameDayService(code="97140", other_discipline=False)),
        ({"code": "97140", "same_region": False}, SameDayService(code="97140", regions_differ=True)),
        ({"code": "97140", "region": "ribs"}, SameDayService(code="97140", region=Region.RIB)),
        ({"code": "97140", "modifier": "XS"}, SameDayService(code="97140", modifiers=("XS",))),
        ({"code": "97140", "separate_session": True}, SameDayService(code="97140", other_session=True)),
        ({"code": "64450", "unrelated": True}, SameDayService(code="64450", for_omt=False)),
        ({"code": "64450", "for": "OMT"}, SameDayService(code="64450", for_omt=True)),
    ],
)
def test_services_of_the_day(given: object, expected: SameDayService) -> None:
    assert from_json({"same_day": [given]}).billing.same_day == (expected,)
    assert from_json({"same_day": given}).billing.same_day == (expected,)


def test_the_setting_in_its_spellings() -> None:
    visit = from_json({"pos": 2, "patient": {"status": "new patient", "pregnant": True}, "telehealth": True})
    assert visit.setting.place_of_service == "02"
    assert visit.setting.patient is PatientStatus.NEW
    assert visit.setting.modality == "video"
    assert visit.billing.pregnant is True
    assert from_json({"pos": "home"}).setting.place_of_service == "12"
    assert from_json({"performer": "DO", "resident": True}).setting.performer == "DO with resident"
    assert from_json({"modality": "by telephone"}).setting.modality == "audio"


def test_goals_may_be_words() -> None:
    assert from_json({"functional_goal": "walk a mile"}).plan.goals == ("walk a mile",)
    assert from_json({"functional_goal": ["walk", "lift"]}).plan.goals == ("walk", "lift")
    assert not from_json({"functional_goal": []}).plan.has_goal
    assert not from_json({"functional_goal": ""}).plan.has_goal


@pytest.mark.parametrize(
    ("visit", "message"),
    [
        ([], "visit: [] is not an object"),
        ({"regoins": []}, "visit.regoins: no such field"),
        ({"regions": [{"region": "lumbar", "tretaed": True}]}, "visit.regions[0].tretaed: no such field"),
        ({"regions": [{"region": "knuckle-ish"}]}, "visit.regions[0].region: 'knuckle-ish' is not one of"),
        ({"regions": ["lumbar"]}, "visit.regions[0]: 'lumbar' is not an object"),
        (
            {"regions": [{"region": "lumbar", "treated": "perhaps"}]},
            "visit.regions[0].treated: 'perhaps' is not",
        ),
        (
            {"regions": [{"region": "lumbar", "tart": ["Q"]}]},
            "visit.regions[0].tart: 'Q' is not one of T, A, R, T",
        ),
        ({"regions": [{"region": "lumbar", "tart": 3}]}, "visit.regions[0].tart: 3 is not a list"),
        ({"regions": [{"region": "lumbar", "side": "up"}]}, "visit.regions[0].side: 'up' is not left"),
        ({"em": 5}, "visit.em: 5 is not an object"),
        ({"em": {"risk": "huge"}}, "visit.em.risk: 'huge' is not one of minimal"),
        ({"em": {"total_minutes": "long"}}, "visit.em.total_minutes: 'long' is not a whole number"),
        ({"em": {"total_minutes": -1}}, "visit.em.total_minutes: -1 is not a whole number"),
        ({"em": {"method": "guess"}}, "visit.em.method: 'guess' is not mdm or time"),
        ({"em": {"date": "soon"}}, "visit.em.date: 'soon' is not an ISO date"),
        ({"patient": "old"}, "visit.patient: 'old' is not new or established"),
        ({"signed": "maybe"}, "visit.signed: 'maybe' is not true or false"),
        ({"payer": 5.5}, "visit.payer: 5.5 is not text"),
        ({"modality": "pigeon"}, "visit.modality: 'pigeon' is not one of"),
        ({"abn": "who knows"}, "visit.abn: 'who knows' is not one of"),
        ({"same_day": [1.5]}, "visit.same_day[0]: 1.5 is not a code or an object"),
        ({"same_day": [{"code": "97140", "who?": 1}]}, "visit.same_day[0].who?: no such field"),
        ({"entered_omt": [None]}, "visit.entered_omt[0]: None is not a code"),
        ({"date": "yesterday"}, "visit.date: 'yesterday' is not an ISO date"),
        ({"setting": {"payr": "x"}}, "visit.setting.payr: no such field"),
        ({"findings": [{"tart": []}]}, "visit.findings[0].region: missing"),
        ({"findings": [{"region": "tail"}]}, "visit.findings[0].region: 'tail' is not head or"),
        ({"findings": "none"}, "visit.findings: 'none' is not a list"),
        ({"responses": [["head"]]}, "visit.responses[0]: ['head'] is not a list of 2"),
        ({"history": 5}, "visit.history: 5 is not text"),
    ],
)
def test_what_cannot_be_read_is_named(visit: object, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the text is compared
        from_json(visit)
    assert str(error.value).startswith(message)


def test_unknown_fields_can_be_collected_instead() -> None:
    unread: list[str] = []
    visit = from_json({"payer": "medicare", "weather": "fair", "em": {"mood": 1}}, unread=unread)
    assert visit.setting.payer == "medicare"
    assert sorted(unread) == ["visit.em.mood", "visit.weather"]


def test_region_spellings_are_the_first_of_each_region() -> None:
    rows = [{"region": "ribs"}, {"region": "rib_cage"}, {"region": "hip"}, {"region": 3}, "lumbar"]
    assert region_spellings({"regions": rows}) == {Region.RIB: "ribs", Region.LUMBAR: "lumbar"}
    assert region_spellings([]) == {}
    assert region_spellings({"regions": None}) == {}


def test_odd_but_well_typed_visits_are_coded() -> None:
    odd: list[dict[str, Any]] = [
        {"regions": None, "em": None, "same_day": None},
        {"regions": [], "payer": "", "pos": "", "performer": ""},
        {"em": {"dx": ["nonsense", "M54.5", ""]}, "pos": "77"},
        {
            "regions": [
                {"region": "lumbar", "treated": True, "tart": None, "technique": None, "response": None}
            ]
        },
        {"treatments": [{"technique": "HVLA"}]},
    ]
    for visit in odd:
        assert len(code(from_json(visit)).checklist) == 13
