"""Staff write what a patient is to do at home; the patient reads it on their page."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.mine import services
from openomt.care.mine.models import MOST_DAYS, MOST_WORDS, Advice
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.fields import Text


class AdviceForm(forms.Form):
    """Words for the patient, and for how long they hold."""

    text = Text(
        max_length=MOST_WORDS,
        label="What to do",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The patient reads these words as they stand. Write short sentences, in the patient's language.",
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        label="For how many days",
        help_text="Empty: until you end it",
    )


@allow(Permission.CHART_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The advice a patient has, and the form to add some."""
    form = AdviceForm()
    if request.method == "POST":
        patient = chart_to_change(request, uid)
        form = AdviceForm(request.POST)
        if form.is_valid():
            words, days = form.cleaned_data["text"], form.cleaned_data["days"]
            address = audit.address_of(request)
            services.advise(member(request), patient, words, days=days, address=address)
            messages.success(request, "The patient reads it on their page now.")
            return redirect("mine_advice", patient.uid)
    else:
        patient = open_chart(request, uid, "advice.read")
    today = timezone.localdate()
    rows = list(Advice.objects.filter(patient=patient).select_related("entered_by"))
    content = {
        "section": "patients",
        "patient": patient,
        "age": age(patient.birth_date, today),
        "form": form,
        "now": [row for row in rows if row.holds(today)],
        "past": [row for row in rows if not row.holds(today)],
    }
    return render(request, "mine/advice.html", content, status=422 if form.errors else 200)


@allow(Permission.CHART_WRITE)
@require_POST
def advice_end(request: HttpRequest, uid: uuid.UUID, advice_uid: uuid.UUID) -> HttpResponse:
    """The patient need not do it any more."""
    patient = chart_to_change(request, uid)
    row = get_object_or_404(Advice, uid=advice_uid, patient=patient)
    services.end_advice(member(request), row, address=audit.address_of(request))
    messages.success(request, "Ended. The patient does not see it any more.")
    return redirect("mine_advice", patient.uid)
