"""Loads what the first request would otherwise wait for: records, tables of the reader, templates, addresses."""

from __future__ import annotations

import gc

TEXT = "T5 FRSr mod tender, ribs 3-5 inh L; C3 ERSl; L on L sacral torsion; ME C3, HVLA T5; improved"
"""Findings of several regions: reading, checking, coding and telling them touches every table."""
RECORD = "osteoporosis; on warfarin; lumbar fusion L4-S1 2019; no fever"
"""What may stand on record: recognizing it builds the net of all words that rules know."""

GARBAGE = (10_000, 40, 50)
"""Objects made and not yet gone before circles are looked for: a request leaves some two hundred in circles."""


def shared() -> None:
    """What all workers may share: called once, before they are forked. Opens no database and starts no thread."""
    from django.urls import get_resolver

    _medicine()
    _templates()
    get_resolver().url_patterns  # noqa: B018  (imports every view)
    get_resolver()._populate()
    gc.collect()
    gc.freeze()  # so that counting references later does not copy what is shared
    # A request makes some ten thousand objects, and looking for circles after every 700 of them is a tenth of its
    # time. Too seldom, and what stands in circles takes sixty megabytes of each worker.
    gc.set_threshold(*GARBAGE)


def own() -> None:
    """What each worker must have for itself: the typesetter brings threads, which a fork would lose."""
    import typst

    typst.compile(b"#set page(width: 10pt, height: 10pt)\n.", format="pdf")


def _medicine() -> None:
    import datetime as dt

    from openomt.medicine.charting import visit_of
    from openomt.medicine.coding import code
    from openomt.medicine.learning import search
    from openomt.medicine.narrative import note, patient_summary, to_text
    from openomt.medicine.notation import read
    from openomt.medicine.safety.chart import Chart, Medicine, Problem, Surgery
    from openomt.medicine.safety.check import check
    from openomt.medicine.safety.recognize import recognize
    from openomt.medicine.safety.values import PatientFacts, PlannedItem
    from openomt.medicine.techniques import suggest, worded
    from openomt.medicine.typicality import judge
    from openomt.medicine.visit import Visit

    day = dt.date(2026, 1, 2)
    reading = read(TEXT)
    judge(reading.values)
    visit = visit_of(reading, Visit(date=day))
    chart = Chart(
        birth_date=dt.date(1960, 1, 2),
        problems=(Problem(RECORD),),
        medicines=(Medicine(RECORD),),
        surgeries=(Surgery(RECORD),),
    )
    recognize(chart, day)
    patient = PatientFacts(age_months=400)
    suggest(patient, worded(reading), "low back pain")
    check(patient, [PlannedItem("HVLA", item.region) for item in visit.treatments if item.region])
    code(visit)
    to_text(note(visit))
    for language in ("en", "es"):
        to_text(patient_summary(visit, language))
        search("neck", language)


def _templates() -> None:
    """Compiles every template of ours: the loader keeps them."""
    from django.template import engines
    from django.template.loader import get_template
    from django.template.utils import get_app_template_dirs

    assert engines  # noqa: S101
    for folder in get_app_template_dirs("templates"):
        if "openomt" not in str(folder):
            continue
        for file in folder.rglob("*.html"):
            get_template(str(file.relative_to(folder)))
