"""The landmark helper: every test can be ticked, and what is used goes into the visit as it was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.testing import location, member, patient, signed_in
from openomt.care.visits.around import today
from openomt.care.visits.landmark_helper import panel
from openomt.care.visits.landmark_helper.answers import tell
from openomt.care.visits.landmark_helper.answers import test_words as words_of
from openomt.care.visits.landmark_helper.form import PLACES, areas
from openomt.care.visits.models import Visit
from openomt.medicine.anatomy import Side
from openomt.medicine.landmarks import ObservationError, catalog, from_findings, read_tests
from openomt.medicine.notation import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page

TORSION = ("seated-flexion=R", "sulcus-deep=R", "ila-posterior=L", "spring=negative")


def _arguments() -> list[str]:
    return [
        answer.argument
        for area in areas()
        for question in area.questions
        for group in question.groups
        for answer in group.answers
    ]


def test_every_result_that_can_be_ticked_is_a_result_the_medicine_reads() -> None:
    for argument in _arguments():
        (observation,) = read_tests(argument)
        assert argument.startswith(("tp", "freer", "translation")) == (
            next(a.id for a in areas() for q in a.questions if q.id == observation.test) == "segment"
        )


def test_every_test_of_the_catalog_can_be_ticked_with_every_result() -> None:
    offered = {read_tests(argument) for argument in _arguments()}
    for _family, title, key, results in catalog():
        for result in results:
            assert read_tests(f"{key}={result}") in offered, (title, key, result)


def test_places_are_those_the_medicine_takes() -> None:
    for key, family in (("segment", "segment"), ("ribs", "rib")):
        for place in PLACES[family]:
            (observation,) = read_tests(
                f"{key}={place} {'tp-neutral=R' if family == 'segment' else 'rib-inhalation-free=R'}"
            )
            assert observation.place is not None


@pytest.mark.parametrize("taps", [2, 3, 4])
def test_two_to_four_taps_lead_to_a_torsion(taps: int) -> None:
    (told,) = tell(TORSION[:taps])
    assert "L on L torsion" in [offer.candidate.name for offer in told.offers if offer.candidate.rank == 1]


def test_what_is_used_is_read_back_as_the_diagnosis_and_the_tests_it_rests_on() -> None:
    (told,) = tell(TORSION)
    offer = told.offers[0]
    assert offer.candidate.name == "L on L torsion"
    reading = read(offer.text)
    assert reading.unread == ()
    assert offer.candidate.finding == reading.values[0]
    assert set(from_findings(reading.values)) == set(read_tests(TORSION))


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("seated-flexion=R", "seated flexion test R positive"),
        ("sulcus-deep=R", "sacral sulcus R deep"),
        ("spring=negative", "spring test negative"),
        ("sulcus=level", "sacral sulcus level"),
        ("asis-inferior=L", "ASIS L inferior"),
        ("rib-inhalation-restricted=R", ""),  # no words of its own: the diagnosis says it
    ],
)
def test_a_test_is_written_as_it_is_read(argument: str, words: str) -> None:
    (observation,) = read_tests(argument)
    assert words_of(observation) == words


def test_whatever_is_written_of_a_test_gives_the_same_result_back() -> None:
    written = 0
    for argument in _arguments():
        (observation,) = read_tests(argument)
        if text := words_of(observation):
            written += 1
            assert observation in from_findings(read(text).values), text
    assert written > 25


def test_reasons_for_and_against_and_the_test_that_would_decide_are_told() -> None:
    (told,) = tell(TORSION[:2])
    assert all(reason.why for offer in told.offers for reason in offer.candidate.fits)
    assert told.diagnosis.deciding[0].title == "inferior lateral angle"
    assert told.offers[0].sources


def test_parts_nobody_tested_are_named_before_they_are_accepted() -> None:
    (told,) = tell(["segment=T5", "tp-neutral=R", "tp-flexion=level", "tp-extension=R"])
    first = told.offers[0]
    assert (first.text.split(";")[0], first.inferred) == ("T5 FRSr", ("sidebend",))
    assert told.place == "T5"


def test_without_a_place_a_vertebra_is_named_and_cannot_be_charted() -> None:
    (told,) = tell(["tp-neutral=R", "tp-flexion=level"])
    assert [offer.text for offer in told.offers if offer.candidate.finding is None] == [""] * len(told.offers)


def test_an_unknown_test_is_refused_by_name() -> None:
    with pytest.raises(ObservationError, match="sulcus-deap"):
        tell(["sulcus-deap=R"])


@pytest.mark.django_db
class TestView:
    """What the page asks and is answered."""

    def test_the_answer_names_diagnosis_reasons_and_words(self, client: Client) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        answer = client.post(
            reverse("landmarks_infer"),
            {
                "t-seated-flexion": TORSION[0],
                "t-sulcus": TORSION[1],
                "t-ila": TORSION[2],
                "t-spring": TORSION[3],
            },
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "L on L torsion" in page
        assert 'data-lm-use="sacrum L on L torsion; ' in page
        assert "Fits: " in page

    def test_a_range_of_ribs_is_the_place_of_the_tests(self, client: Client) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        data = {"ribs-first": "4", "ribs-last": "6", "t-rib-inhalation": "rib-inhalation-restricted=L"}
        page = client.post(reverse("landmarks_infer"), data).content.decode()
        assert 'data-lm-use="rib 4-6 L exhalation"' in page

    def test_results_that_exclude_each_other_are_named(self, client: Client) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        data = {"t-sulcus": ["sulcus-deep=R", "sulcus-deep=L"], "t-seated-flexion": "seated-flexion=R"}
        assert "were both given" in client.post(reverse("landmarks_infer"), data).content.decode()

    def test_nothing_ticked_says_so(self, client: Client) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        assert "Nothing is ticked" in client.post(reverse("landmarks_infer")).content.decode()

    @pytest.mark.parametrize(
        "bad",
        [
            "<script>",
            "segment=T99",
            "sulcus=",
            "=",
            "sulcus-deep=🦴",
            "'; DROP TABLE--",
            "a" * 5000,
            "\u202esulcus=R",
        ],
    )
    def test_nonsense_gets_a_message(self, client: Client, bad: str) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        answer = client.post(reverse("landmarks_infer"), {"t-x": bad, "segment-first": bad})
        assert answer.status_code == 200
        assert b'class="errors"' in answer.content
        assert b"<script>" not in answer.content

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLER, Role.AUDITOR, Role.OWNER])
    def test_only_those_who_write_visits_ask(self, client: Client, role: Role) -> None:
        signed_in(client, member(role))
        assert client.post(reverse("landmarks_infer")).status_code == 403


def test_the_form_has_a_group_with_a_name_for_every_test() -> None:
    page = str(panel())
    assert page.count('role="radiogroup"') == sum(len(area.questions) for area in areas())
    assert " style=" not in page


@pytest.mark.browser
def test_four_taps_and_use_chart_a_sacral_torsion(
    transactional_db: None, open_page: Callable[..., Page], no_serious_axe: Callable[[Page], None]
) -> None:
    user = member(Role.PHYSICIAN)
    visit = Visit.objects.create(
        patient=patient(), clinician=user, location=location(), number=1, date=today()
    )
    page = open_page(user, f"/visits/{visit.uid}")
    page.get_by_text("From tests to a diagnosis").click()
    for test, result in (("Seated flexion test", "positive right"), ("Sacral sulcus", "deep right")):
        page.get_by_role("radiogroup", name=test).get_by_label(result).check(force=True)
    page.get_by_role("radiogroup", name="Inferior lateral angle").get_by_label("posterior left").check(
        force=True
    )
    page.get_by_role("button", name="Use L on L torsion").wait_for()
    no_serious_axe(page)
    page.get_by_role("button", name="Use L on L torsion").click()
    text = page.get_by_label("Findings and treatment", exact=True).input_value()
    found = read(text).values
    assert found[0].pattern == "L on L torsion"
    assert {f.side for f in found[1:]} == {Side.LEFT, Side.RIGHT}
    page.get_by_role("button", name="Vertebra").click()
    assert page.get_by_role("radiogroup", name="Sacral sulcus").is_hidden()
    assert page.get_by_role("radiogroup", name="Transverse processes in flexion").is_visible()
