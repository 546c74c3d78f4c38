"""The page of the practice's own levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients.charts import member
from openomt.care.visits.models import RuleSetting
from openomt.care.visits.rule_settings import services
from openomt.care.visits.rule_settings.forms import LEVEL_WORDS, LevelForm
from openomt.knowledge import load
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import region_title
from openomt.medicine.safety.practice import Settings
from openomt.medicine.safety.tables import Rule, tables

_SPELLED = 3
"""From so many techniques on, their codes stand for their names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contested rule as the page shows it: in words, with its level here and the form to change it."""

    rule: Rule
    title: str
    facts: str
    level: str
    history: tuple[tuple[RuleSetting, str], ...]
    sources: tuple[str, ...]
    form: LevelForm
    left_out: bool

    @property
    def changed(self) -> bool:
        return self.level != self.rule.level


@allow(Permission.PRACTICE)
@require_GET
def rule_settings(request: HttpRequest) -> HttpResponse:
    """Every contested rule, with its level here."""
    return _page(request)


@allow(Permission.PRACTICE)
@require_POST
def rule_setting(request: HttpRequest, rule: str) -> HttpResponse:
    """Sets the level of one rule."""
    found = tables().by_id.get(rule)
    if found is None or not found.contested:
        raise Http404
    form = LevelForm(found, request.POST)
    if form.is_valid():
        try:
            services.set_level(
                member(request),
                found.id,
                form.cleaned_data["level"],
                form.cleaned_data["reason"],
                address=audit.address_of(request),
            )
        except services.SettingError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{found.id} is now: {LEVEL_WORDS[form.cleaned_data['level']]}.")
            return redirect("rule_settings")
    return _page(request, form)


def _page(request: HttpRequest, form: LevelForm | None = None) -> HttpResponse:
    history: dict[str, list[RuleSetting]] = {}
    for row in RuleSetting.objects.select_related("by").order_by("-pk"):
        history.setdefault(row.rule, []).append(row)
    here = services.settings_of()
    entries = [
        _entry(rule, here, history.get(rule.id, ()), form if form and form.rule.id == rule.id else None)
        for rule in services.contested_rules()
    ]
    context = {
        "section": "practice",
        "entries": entries,
        "changed": [one for one in entries if one.changed],
    }
    return render(request, "visits/rule_settings/page.html", context, status=422 if form else 200)


def _entry(rule: Rule, here: Settings, history: Iterable[RuleSetting], form: LevelForm | None) -> Entry:
    rows = tuple(history)
    level = next((one.level for one in here if one.rule == rule.id), rule.level)
    return Entry(
        rule=rule,
        title=f"{_techniques(rule)}, {_regions(rule)}",
        facts=" or ".join(_fact(code) for code in rule.facts),
        level=level,
        history=tuple((row, LEVEL_WORDS[row.level]) for row in rows),
        sources=tuple(_source(name) for name in rule.sources),
        form=form or LevelForm(rule, level=level),
        left_out=bool(rows) and rows[0].level not in (level, rule.level),
    )


def _techniques(rule: Rule) -> str:
    if rule.techniques is None:
        return "Every technique"
    meant = [card for code, card in tables().cards.items() if code in rule.techniques]
    return ", ".join(card.title if len(meant) < _SPELLED else card.code for card in meant)


def _regions(rule: Rule) -> str:
    if rule.same:
        return "in the region concerned"
    if rule.regions is None:
        return "anywhere"
    return ", ".join(region_title(region) for region in Region if region in rule.regions).lower()


def _fact(code: str) -> str:
    known = tables()
    if code in known.facts:
        return known.facts[code].title
    return known.flags[code].sign if code in known.flags else "any red flag"


def _source(name: str) -> str:
    return load().sources[name].title
