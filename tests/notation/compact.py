"""A reading in short lines, for the example tables.

A finding is written as the words that apply, in this order:

    region  level or "-"  side  "restricted"  F, E or N  R:side  S:side  pattern  TART words
    "at" position in quotes  "pain" before->after  "sev" number  "absent"  the author's own words in quotes

`thoracic T5 F R:R S:R`, `rib rib 3-5 left inhalation`, `cervical - absent`,
`lumbar psoas right tissue_texture sev 2`. A `?` after a letter of motion (`R:L?`) marks a part that
the reader inferred. A negative test is absent and does not repeat it: `sacral spring test negative`.

A treatment is `technique region level side` (`hvla thoracic T5`), a response `response region`, a state
`region state`. One that holds for several regions joins them with `+`.
"""

from __future__ import annotations

from collections.abc import Iterable

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Finding, Frame, SpinalMotion
from openomt.medicine.notation import ReadResponse, ReadState, ReadTreatment


def finding_line(finding: Finding) -> str:
    """A finding as one line, every field of it."""
    words = [finding.region.value, finding.level.name if finding.level else "-"]
    words += [finding.side.value] if finding.side else []
    words += _motion(finding.motion) if finding.motion else []
    words += [finding.pattern] if finding.pattern else []
    words += [tart.value for tart in finding.tart]
    words += [f'at "{finding.position}"'] if finding.position else []
    words += [f"pain {finding.pain[0]}->{finding.pain[1]}"] if finding.pain else []
    words += [f"sev {finding.severity}"] if finding.severity is not None else []
    words += _absence(finding)
    words += [f'"{finding.detail}"'] if finding.detail else []
    return " ".join(words)


def _motion(motion: SpinalMotion) -> list[str]:
    words = ["restricted"] if motion.frame is Frame.RESTRICTION else []
    if motion.plane:
        words.append(motion.plane.value + _doubt(motion, "plane"))
    if motion.rotation:
        words.append(f"R:{motion.rotation.letter}{_doubt(motion, 'rotation')}")
    if motion.sidebend:
        words.append(f"S:{motion.sidebend.letter}{_doubt(motion, 'sidebend')}")
    return words


def _doubt(motion: SpinalMotion, part: str) -> str:
    return "?" if part in motion.inferred else ""


def _absence(finding: Finding) -> list[str]:
    if finding.pattern == "negative":
        return [] if finding.absent else ["but present"]
    return ["absent"] if finding.absent else []


def treatment_line(read: ReadTreatment) -> str:
    """A treatment as one line: `hvla thoracic T5`, `- lumbar` when the method was not said."""
    treatment = read.treatment
    words = [treatment.technique or "-", _regions(read.regions) or treatment.region or "-"]
    words += [treatment.level.name] if treatment.level else []
    words += [treatment.side.value] if treatment.side else []
    return " ".join(words)


def response_line(read: ReadResponse) -> str:
    """A response as one line: `improved thoracic`, `improved` when no region is meant."""
    return " ".join(word for word in (read.response.value, _regions(read.regions)) if word)


def state_line(read: ReadState) -> str:
    """A state as one line: `cervical not_examined`."""
    return f"{read.region.value} {read.state.value}"


def _regions(regions: Iterable[Region]) -> str:
    return "+".join(region.value for region in regions)
