"""One full visit that the tests of this folder share."""

from __future__ import annotations

import datetime as dt

import pytest

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.visit import (
    Consent,
    EffortLevel,
    Evaluation,
    ExamState,
    Plan,
    Response,
    Setting,
    Signature,
    Treatment,
    Visit,
)


@pytest.fixture
def full_visit() -> Visit:
    return Visit(
        date=dt.date(2026, 11, 3),
        setting=Setting(performer="A. Example, DO"),
        chief_complaint="Neck and mid back pain",
        history="Three weeks, after painting a ceiling.",
        function="Cannot look over the shoulder to drive",
        safety_screen="No red flags on asking",
        related_exam="Reflexes equal, strength full",
        assessment="Neck pain",
        shorthand="T5 FRSr, ribs 3-5 inh L; HVLA, ME; improved",
        free_text="Sleeps badly since.",
        findings=(
            Finding(
                Region.THORACIC,
                segment_level("T5"),
                motion=SpinalMotion(Plane.FLEXED, Side.RIGHT, Side.RIGHT),
                tart=(Tart.TISSUE_TEXTURE, Tart.TENDERNESS),
                severity=2,
            ),
            Finding(Region.RIB, rib_level(3, 5), Side.LEFT, pattern="inhalation", severity=1),
            Finding(
                Region.THORACIC,
                segment_level("T10"),
                motion=SpinalMotion(Plane.EXTENDED, Side.LEFT, Side.LEFT, Frame.RESTRICTION),
            ),
            Finding(
                Region.SACRAL,
                named_level("seated flexion test", LevelKind.TEST),
                Side.RIGHT,
                pattern="positive",
            ),
            Finding(Region.LUMBAR, absent=True),
            Finding(
                Region.CERVICAL,
                named_level("PC3", LevelKind.POINT),
                Side.RIGHT,
                pattern="tenderpoint",
                tart=(Tart.TENDERNESS,),
                position="f Sa Ra",
                pain=(8, 2),
            ),
        ),
        states=((Region.HEAD, ExamState.NOT_EXAMINED), (Region.ABDOMEN, ExamState.NORMAL)),
        treatments=(
            Treatment("hvla", Region.THORACIC, segment_level("T5")),
            Treatment("muscle_energy", Region.RIB),
            Treatment("counterstrain", Region.CERVICAL),
        ),
        responses=((Region.THORACIC, Response.IMPROVED), (Region.RIB, Response.RESOLVED)),
        positions="Prone, then supine",
        tolerance="Tolerated well",
        complications_asked=True,
        evaluation=Evaluation(
            beyond_omt_work=True,
            problems=EffortLevel.LOW,
            data=EffortLevel.MINIMAL,
            risk=EffortLevel.LOW,
            reasons=("neurologic exam of the arms",),
            codes=("M54.2",),
        ),
        consent=Consent(given=True, discussed=("soreness",), refused=("cranial",)),
        plan=Plan(
            goals=("Turn the head far enough to drive",),
            frequency="weekly, 3 visits",
            next_review="in 3 weeks",
            home_exercise=("chin tucks",),
            aftercare=("walk, drink as usual",),
            return_precautions=("call for severe pain",),
        ),
        signature=Signature("A. Example", "DO", dt.datetime(2026, 11, 3, 10, 5)),
    )
