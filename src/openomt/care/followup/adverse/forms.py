"""What a clinician says of an adverse event."""

from __future__ import annotations

from typing import Any

from django import forms

from openomt.care.followup.adverse.severity import by_pain, mark, severities
from openomt.care.followup.checkins.around import treated
from openomt.care.followup.models import AdverseEvent, Task
from openomt.care.visits.models import Visit
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import region_title, technique_record


def places(visit: Visit) -> list[tuple[str, str]]:
    """What was done where, to choose from: `hvla@cervical`."""
    found = []
    for row in treated(visit):
        for name in dict.fromkeys(row.techniques.split(",")):
            record = technique_record(name)
            short = record.abbreviation if record else name
            found.append((f"{name}@{row.region}", f"{short}, {region_title(Region(row.region)).lower()}"))
    return found


def proposed(task: Task) -> dict[str, Any]:
    """What the answers of a check-in say already, for a clinician to confirm or change."""
    check_in = task.check_in
    values: dict[str, Any] = {"words": task.words[:500], "severity": "", "onset": "", "lasted": "still"}
    if task.visit is not None and len(places(task.visit)) == 1:
        values["place"] = places(task.visit)[0][0]
    if check_in is None:
        return values
    pain = check_in.answers.get("pain")
    if check_in.result == "E":
        values["severity"] = AdverseEvent.Severity.SERIOUS
    elif pain is not None:
        values["severity"] = by_pain(pain)
    values["onset"] = {1: "day", 3: "three_days", 7: "week"}[check_in.day]
    return values


class AdverseForm(forms.Form):
    """Severity, onset, length and relatedness, and what it hangs on."""

    field_order = ("place", "severity", "onset", "lasted", "related", "words")
    onset = forms.ChoiceField(label="It began", choices=[("", "Choose"), *AdverseEvent.Onset.choices])
    lasted = forms.ChoiceField(label="It lasted", choices=[("", "Choose"), *AdverseEvent.Lasted.choices])
    related = forms.ChoiceField(
        label="Caused by the treatment", choices=[("", "Choose"), *AdverseEvent.Related.choices]
    )
    words = forms.CharField(label="What happened", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not known, or the visit as a whole"), *places(visit)]
        self.fields["place"] = forms.ChoiceField(
            label="After which technique", required=False, choices=choices
        )
        known = severities()
        self.fields["severity"] = forms.ChoiceField(
            choices=[("", "Choose"), *((one.id, one.words) for one in known)],
            help_text=" ".join(dict.fromkeys(map(mark, known))),
        )
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        """What is kept."""
        data = dict(self.cleaned_data)
        technique, _, region = data.pop("place").partition("@")
        return data | {"technique": technique, "region": region}
