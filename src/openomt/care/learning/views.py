"""Public pages about OMT, the front page, and the staff's list of pages to review. All of them only read records."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openomt.care.accounts.access import Permission, allow, open_to_all
from openomt.care.words import page_language
from openomt.medicine import learning
from openomt.medicine.learning import CONDITIONS, LEARN, TECHNIQUES, Page

_ASK_FIRST = learning.LABELS[-1]


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under a heading. `title`: of the records, else `name` has words of its own."""

    name: str
    pages: tuple[Page, ...]
    title: str = ""
    about: str = ""
    more: str = ""


def home(request: HttpRequest) -> HttpResponse:
    """The front page for whoever is not signed in as a member. The site's root calls it."""
    return render(request, "learning/home.html")


@open_to_all
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    known = learning.pages(LEARN, page_language())
    groups = [Group(topic, tuple(one for one in known if one.topic == topic)) for topic in learning.TOPICS]
    counts = {place: len(learning.pages(place, page_language())) for place in (CONDITIONS, TECHNIQUES)}
    return render(request, "learning/index.html", {"groups": groups, "counts": counts, "section": "learn"})


@open_to_all
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, LEARN, slug)


@open_to_all
@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, CONDITIONS, slug)


@open_to_all
@require_safe
def technique(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, TECHNIQUES, slug)


def _page(request: HttpRequest, place: str, slug: str) -> HttpResponse:
    found = learning.page(place, slug, page_language())
    if found is None:
        raise Http404
    return render(request, "learning/page.html", {"page": found, "section": "learn"})


@open_to_all
@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """Every condition under its label, the negative ones too, and the numbers of the best known study."""
    known = learning.pages(CONDITIONS, page_language())
    groups = []
    for code in learning.LABELS:
        here = tuple(one for one in known if one.label is not None and one.label.code == code)
        label = here[0].label if here else None
        if label is not None:
            more = learning.ask_first_also(page_language()) if code == _ASK_FIRST else ""
            groups.append(Group(code, here, label.title, label.meaning, more))
    counted = next(one for one in known if one.tallies)
    return render(
        request,
        "learning/conditions.html",
        {"groups": groups, "counted": counted, "count": len(known), "section": "learn"},
    )


@open_to_all
@require_safe
def techniques(request: HttpRequest) -> HttpResponse:
    known = learning.pages(TECHNIQUES, page_language())
    return render(request, "learning/techniques.html", {"pages": known, "section": "learn"})


@open_to_all
@require_safe
def search_pages(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[: learning.LONGEST]
    found = learning.search(query, page_language())
    return render(request, "learning/search.html", {"query": query, "found": found, "section": "learn"})


@allow(Permission.CHART_READ, Permission.PRACTICE)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What is overdue first, then what no physician or no translator has read, then by the day it is due."""
    today = timezone.localdate()
    known = sorted(
        learning.all_pages("en").values(),
        key=lambda one: (not one.is_overdue(today), one.reviewed is not None, one.review_due, one.title),
    )
    rows = [(one, one.is_overdue(today)) for one in known]
    late = sum(overdue for _, overdue in rows)
    return render(
        request,
        "learning/review.html",
        {
            "rows": rows,
            "late": late,
            "unread": sum(one.reviewed is None for one in known),
            "section": "practice",
        },
    )
