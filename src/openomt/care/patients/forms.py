"""Forms of patients, and of what is on record of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from openomt.care.accounts.access import POLICIES, Permission
from openomt.care.accounts.models import User
from openomt.care.patients import codes, files, names
from openomt.care.patients.fields import About, Day, Line, Text
from openomt.care.patients.models import Document, FactAnswer, Patient
from openomt.knowledge.loader import load
from openomt.knowledge.vocabulary import Technique
from openomt.medicine.safety.chart import Chart
from openomt.medicine.safety.pregnancy import weeks_of

_STATE = forms.RegexField(
    r"^[A-Za-z]{2}$", required=False, error_messages={"invalid": "Two letters: NY."}, max_length=2
)
PAYER_KINDS = [
    ("commercial", "Commercial"),
    ("medicare", "Medicare"),
    ("medicaid", "Medicaid"),
    ("self_pay", "Self-pay"),
    ("other", "Other"),
]
_NAMELESS = "other"


class PatientForm(forms.Form):
    """Who somebody is and how to reach them."""

    family_name = Line(max_length=80, label="Family name")
    given_names = Line(max_length=80, label="Given names")
    called = Line(max_length=80, required=False, label="Likes to be called")
    pronouns = Line(max_length=30, required=False)
    birth_date = Day(future=False, label="Birth date")
    sex = forms.ChoiceField(
        choices=[("", "Choose"), *Patient.Sex.choices], help_text="For what depends on the body"
    )
    language = forms.ChoiceField(choices=[("en", "English"), ("es", "Spanish")])
    interpreter = forms.BooleanField(required=False, label="Needs an interpreter")
    phone = Line(max_length=30, required=False)
    email = forms.EmailField(required=False, max_length=254, label="E-mail")
    contact = forms.ChoiceField(choices=Patient.Contact.choices, label="Prefers", initial="phone")
    street = Line(max_length=120, required=False)
    city = Line(max_length=80, required=False)
    state = _STATE
    postal_code = Line(max_length=10, required=False, label="ZIP")
    payer = Line(max_length=80, required=False)
    payer_kind = forms.ChoiceField(
        choices=PAYER_KINDS,
        label="Kind of payer",
    )
    payer_id = Line(max_length=20, required=False, label="Payer ID for claims")
    member_id = Line(max_length=40, required=False, label="Member ID")

    groups = (
        ("Name", ("family_name", "given_names", "called", "pronouns", "birth_date", "sex")),
        ("Language and contact", ("language", "interpreter", "phone", "email", "contact")),
        ("Address", ("street", "city", "state", "postal_code")),
        ("Payer", ("payer", "payer_kind", "payer_id", "member_id")),
    )

    def clean_family_name(self) -> str:
        return self._a_name("family_name")

    def clean_given_names(self) -> str:
        return self._a_name("given_names")

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and len(names.digits(phone)) < 4:
            raise ValidationError("A phone number has more digits.")
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wanted = {"email": ("email",), "text": ("phone",), "phone": ("phone",)}
        for field in wanted.get(str(data.get("contact")), ()):
            if field == "email" and field not in self.errors and not data.get(field):
                self.add_error(field, "Needed, as the patient prefers it.")
        return data

    def _a_name(self, field: str) -> str:
        name: str = self.cleaned_data[field]
        if not names.key(name):
            raise ValidationError("A name has letters.")
        return name

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in fields]) for title, fields in self.groups]


class FilterForm(forms.Form):
    """What the list of patients is narrowed by. A value that is no choice is as good as none."""

    q = Line(required=False, max_length=80, label="Name, birth date or phone")
    language = forms.ChoiceField(required=False, choices=[("", "Any"), ("en", "English"), ("es", "Spanish")])
    payer_kind = forms.ChoiceField(required=False, label="Payer", choices=[("", "Any"), *PAYER_KINDS])
    ages = forms.ChoiceField(
        required=False,
        label="Age",
        choices=[
            ("", "Any"),
            ("infant", "Under 2"),
            ("child", "Under 18"),
            ("adult", "18 to 64"),
            ("older", "65 and over"),
        ],
    )
    only = forms.ChoiceField(
        required=False,
        label="Only",
        choices=[
            ("", "All"),
            ("restricted", "Restricted charts"),
            ("interpreter", "Needs an interpreter"),
            ("silent", "Do not contact"),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """What was chosen and can be used."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class GuardianForm(forms.Form):
    """Who answers for the patient."""

    name = Line(max_length=120)
    relation = Line(max_length=60, help_text="Mother, father, legal guardian")
    phone = Line(max_length=30, required=False)
    email = forms.EmailField(required=False, max_length=254, label="E-mail")
    may_consent = forms.BooleanField(required=False, initial=True, label="May consent to treatment")


class RestrictForm(forms.Form):
    """Who may open the chart without giving a reason."""

    restricted = forms.BooleanField(required=False, label="Restricted chart")
    care_team = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        required=False,
        to_field_name="uid",
        label="May open it without a reason",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        readers = [
            role.value
            for role, held in POLICIES.items()
            if held & {Permission.CHART_READ, Permission.DEMOGRAPHICS}
        ]
        people = User.objects.filter(is_active=True, grants__role__in=readers).distinct()
        self.fields["care_team"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("restricted") and not data.get("care_team"):
            self.add_error("care_team", "Name at least one person who may open the chart.")
        return data


class GlassForm(forms.Form):
    """Why somebody opens a restricted chart."""

    reason = Line(
        min_length=10,
        max_length=300,
        label="Why do you open it?",
        help_text="At least 10 characters. Kept with your name; the owner and the auditor read it.",
    )


class DocumentForm(forms.Form):
    """A file to keep with the chart."""

    file = forms.FileField(
        help_text=f"PDF, PNG, JPEG, TIFF or plain text, up to {files.LARGEST_WORDS}",
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )
    title = Line(max_length=120)
    kind = forms.ChoiceField(choices=[("", "Choose"), *Document._meta.get_field("kind").choices])  # type: ignore[misc]
    dated = Day(required=False, future=False, label="Dated")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > files.LARGEST:
            raise ValidationError(f"The file is larger than {files.LARGEST_WORDS}.")
        return file


class AboutForm(forms.Form):
    """What the patient came for and what matters to them."""

    why_here = Text(required=False, label="Why here")
    what_matters = Text(required=False, label="What matters to the patient, in their words")


# -- entries on record ---------------------------------------------------------------------------------


class ProblemForm(forms.Form):
    text = Line(max_length=300, required=False, label="Problem")
    code = Line(max_length=10, required=False, label="ICD-10-CM")
    onset = About(required=False, label="Since")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not code:
            return ""
        if codes.title(code) is None:
            raise ValidationError("ICD-10-CM has no such code.")
        return codes.normal(code)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("code") and not self.errors:
            self.add_error("text", "Say what the problem is, or give its code.")
        return data


class MedicineForm(forms.Form):
    text = Line(max_length=300, label="Medicine and dose", help_text="As written: Eliquis 5 mg twice a day")
    started = About(required=False)


class AllergyForm(forms.Form):
    text = Line(max_length=200, label="Allergy to")
    reaction = Line(max_length=200, required=False)


class SurgeryForm(forms.Form):
    text = Line(max_length=300, label="Operation")
    on = About(required=False, label="When")


class PregnancyForm(forms.Form):
    due_date = Day(label="Due date")
    ended_on = Day(required=False, future=False, label="Ended on", help_text="Birth or loss, if it is over")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due = data.get("due_date")
        if due is None or data.get("ended_on") or "ended_on" in self.errors:
            return data
        if weeks_of(Chart(due_date=due), [], True, timezone.localdate()) is None:
            self.add_error(
                "due_date", "No pregnancy of today has this due date. If it is over, say when it ended."
            )
        return data


class BoneDensityForm(forms.Form):
    t_score = forms.FloatField(
        required=False, label="T-score", validators=[MinValueValidator(-10), MaxValueValidator(10)]
    )
    site = Line(max_length=60, required=False, help_text="Hip, lumbar spine")
    on = About(required=False, label="When")
    text = Line(max_length=300, required=False, label="Report, in its words")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("t_score") is None and not data.get("text") and not self.errors:
            self.add_error("t_score", "Give the T-score, or what the report says.")
        return data


class VitalsForm(forms.Form):
    systolic = forms.IntegerField(
        required=False, min_value=40, max_value=300, help_text="One value is enough"
    )
    diastolic = forms.IntegerField(required=False, min_value=20, max_value=200)
    pulse = forms.IntegerField(required=False, min_value=20, max_value=300, label="Pulse, a minute")
    temperature = forms.FloatField(required=False, min_value=25, max_value=45, label="Temperature, °C")
    spo2 = forms.IntegerField(required=False, min_value=40, max_value=100, label="SpO2, %")
    on = Day(future=False, label="Taken on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        values = [data.get(name) for name in ("systolic", "diastolic", "pulse", "temperature", "spo2")]
        if not self.errors and all(value is None for value in values):
            self.add_error("systolic", "Give at least one value.")
        if (data.get("systolic") is None) != (data.get("diastolic") is None) and not self.errors:
            self.add_error("systolic", "Give both numbers of the blood pressure.")
        return data


class RefusalForm(forms.Form):
    technique = forms.ChoiceField(label="Never wants")
    words = Line(max_length=200, required=False, label="In the patient's words")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["technique"].choices = [("", "Choose"), *techniques().items()]  # type: ignore[attr-defined]


class OtherCareForm(forms.Form):
    who = Line(max_length=160, label="Who", help_text="Physical therapy, obstetrics; with the name")
    next_on = Day(required=False, label="Next visit there")
    words = Line(max_length=200, required=False, label="Remark")


class StoryForm(forms.Form):
    part = forms.ChoiceField(choices=[("body", "Body"), ("mind", "Mind"), ("spirit", "Spirit")])
    label = Line(
        max_length=30,
        label="What about",
        help_text="Sleep, Mood, Hopes",
        widget=forms.TextInput(attrs={"list": "story-labels"}),
    )
    text = Line(max_length=300, label="In a few words")


class CourseForm(forms.Form):
    title = Line(max_length=120, label="Course", help_text="Neck and mid-back, after delivery")
    started_on = Day(label="Starts on")
    planned_visits = forms.IntegerField(min_value=1, max_value=60, label="Visits planned")
    until = Day(required=False)
    review_on = Day(required=False, label="Review on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start = data.get("started_on")
        for name in ("until", "review_on"):
            if start and data.get(name) and data[name] < start:
                self.add_error(name, "This is before the course starts.")
        return data


class GoalForm(forms.Form):
    text = Line(max_length=200, label="Goal", help_text="What the patient wants to be able to do")
    start = forms.IntegerField(required=False, min_value=0, max_value=10, label="At the start, 0 to 10")
    target = forms.IntegerField(required=False, min_value=0, max_value=10, label="Wanted, 0 to 10")


class GoalNowForm(forms.Form):
    now = forms.IntegerField(min_value=0, max_value=10, label="Today, 0 to 10")


class EndForm(forms.Form):
    """An end without a day."""


class ResolvedForm(forms.Form):
    resolved = About(required=False, label="Resolved")


class StoppedForm(forms.Form):
    stopped = About(required=False, label="Stopped", help_text="Empty: today")

    def clean_stopped(self) -> str:
        return self.cleaned_data["stopped"] or timezone.localdate().isoformat()


class EndedForm(forms.Form):
    ended_on = Day(required=False, future=False, label="Ended on", help_text="Empty: today")

    def clean_ended_on(self) -> Any:
        return self.cleaned_data["ended_on"] or timezone.localdate()


class CourseEndForm(EndedForm):
    outcome = Line(max_length=200, required=False, label="How it went")


class AnswerForm(forms.Form):
    code = Line(max_length=80)
    region = Line(max_length=20, required=False)
    answer = forms.ChoiceField(choices=FactAnswer._meta.get_field("answer").choices or ())


def techniques() -> dict[str, str]:
    """The ways of treating of the vocabulary that can be refused by name, by id."""
    return {record.id: record.title for record in load().all(Technique) if record.id != _NAMELESS}
