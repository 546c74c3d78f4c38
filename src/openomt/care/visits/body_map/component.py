"""The whole component: both views, what lies over them, the list of places and the panel of quick choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openomt.care.visits.body_map.choices import SEVERITIES, Target, families, targets
from openomt.care.visits.body_map.figures import figure_svg
from openomt.care.visits.body_map.hits import data_of, hits_svg
from openomt.care.visits.body_map.picture import Findings, overlay
from openomt.care.visits.body_map.shapes import VIEWS, View
from openomt.medicine.narrative.phrases import region_title
from openomt.medicine.safety.values import Alerts


@dataclass(frozen=True, slots=True)
class Layer:
    """One view of the figure as the template lays it: still art, findings, areas to choose."""

    view: View
    art: SafeString
    findings: SafeString
    hits: SafeString
    shown: bool

    @property
    def id(self) -> str:
        """The element whose content an autosave replaces with a new `overlay`."""
        return layer_id(self.view)


def layer_id(view: View) -> str:
    return f"part-body-{view}"


def layers(
    findings: Findings, *, text: str = "", current_line: int | None = None, alerts: Alerts | None = None
) -> dict[str, SafeString]:
    """The findings of both views, by the id of the element that holds them: what an autosave sends."""
    return {
        layer_id(view): overlay(findings, view=view, text=text, current_line=current_line, alerts=alerts)
        for view in VIEWS
    }


def figure(  # noqa: PLR0913  (what a page may say of it)
    findings: Findings,
    *,
    view: View = "back",
    text: str = "",
    current_line: int | None = None,
    alerts: Alerts | None = None,
    editable: bool = True,
) -> SafeString:
    """The component for a page that loads `visits/body-map.css` and `visits/body-map.js`.

    It brings its own heading (`h2` "Body map", id `h-map`) and the switch of views; the page puts it in
    `<section class="panel" aria-labelledby="h-map">`. A choice is announced as the event `openomt:insert` on
    `document`, with `detail.text`. editable False: the picture alone.
    """
    pictures = {
        one: overlay(findings, view=one, text=text, current_line=current_line, alerts=alerts) for one in VIEWS
    }
    return around_pictures(pictures, view=view, editable=editable)


def around_pictures(
    pictures: Mapping[View, SafeString], *, view: View = "back", editable: bool = True, infant: bool = False
) -> SafeString:
    """The component around findings that are drawn already (`overlay`, by view)."""
    laid = [
        Layer(
            one,
            figure_svg(one, infant),
            pictures[one],
            hits_svg(one, infant) if editable else SafeString(),
            one == view,
        )
        for one in VIEWS
    ]
    return render_to_string(
        "visits/body_map/map.html",
        {"layers": laid, "choosing": _choosing() if editable else "", "view": view, "infant": infant},
    )


@cache
def _choosing() -> SafeString:
    """List and panels: the same for every patient, so rendered once."""
    listed = [
        (region_title(region), [(one, data_of(one)) for one in sorted(group, key=_whole_first)])
        for region, group in groupby(targets(), key=lambda one: one.region)
    ]
    return render_to_string(
        "visits/body_map/choosing.html",
        {"regions": listed, "families": families().values(), "severities": SEVERITIES},
    )


def _whole_first(target: Target) -> bool:
    return target.family != "region"
