"""Treatment cards: for each technique chosen, position, force, patient, dose and what may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import MedicineEntry
from openomt.care.testing import location, member, patient, signed_in
from openomt.care.visits.around import today
from openomt.care.visits.models import Visit
from openomt.care.visits.treatment_card import Card, deck
from openomt.knowledge import load
from openomt.knowledge.safety import TechniqueCard
from openomt.medicine.charting import visit_of
from openomt.medicine.notation import read
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import plan_of, stated
from openomt.medicine.safety.values import Fact, PatientFacts, Sex
from openomt.medicine.visit import Treatment
from openomt.medicine.visit import Visit as VisitValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page


def _value(text: str) -> VisitValue:
    return visit_of(read(text))


def _steps(card: Card) -> dict[str, str]:
    return {step.title: step.text for step in card.steps}


def test_a_card_says_how_from_position_to_what_may_follow() -> None:
    (card,) = deck(_value("T5 FRSr; ME T5")).cards
    assert card.code == "ME"
    assert card.where == "T5"
    assert list(_steps(card)) == ["Position", "Approach", "Force", "Patient", "Dose", "Afterwards"]
    record = load().get(TechniqueCard, "ME")
    assert record.dose in _steps(card)["Dose"]
    assert record.force in _steps(card)["Force"]
    assert record.effort in _steps(card)["Patient"]


@pytest.mark.parametrize("code", [str(card.id) for card in load().all(TechniqueCard)])
def test_every_technique_with_a_record_has_a_card_with_every_step(code: str) -> None:
    """All 23: chosen as the only treatment of a visit."""
    record = load().get(TechniqueCard, code)
    name = record.of.partition(":")[2]
    found = (
        deck(VisitValue(treatments=(Treatment(name),))).cards
        or deck(VisitValue(treatments=(Treatment(record.title),))).cards
    )
    assert code in [card.code for card in found]
    card = next(card for card in found if card.code == code)
    assert all(step.text.strip(". ") for step in card.steps)
    assert card.sources


def test_one_card_for_a_technique_however_often_it_is_chosen() -> None:
    cards = deck(_value("T5 FRSr; BLT\nsacrum L on L; BLT, ME")).cards
    assert [card.code for card in cards] == ["BLT", "ME"]
    assert "," in cards[0].where


def test_positions_the_patient_cannot_take_are_left_out() -> None:
    visit = _value("L5 ERSl; HVLA")
    (card,) = deck(visit, not_possible=frozenset({"prone", "supine"})).cards
    assert _steps(card)["Position"] == "Patient on the side or seated."
    (card,) = deck(visit, not_possible=frozenset({"prone", "supine", "side", "seated"})).cards
    assert "None of its positions" in _steps(card)["Position"]


def test_the_usual_approach_comes_first_and_is_no_sequence() -> None:
    (card,) = deck(_value("T5 FRSr; BLT")).cards
    assert _steps(card)["Approach"] == "Usually indirect; also direct."
    (card,) = deck(_value("T5 FRSr; Still technique")).cards
    assert _steps(card)["Approach"] == "Indirect, then direct."


def test_what_the_safety_check_says_stands_on_its_card() -> None:
    visit = _value("C4 FRSr; HVLA\nT5 FRSr; BLT")
    alerts = check(PatientFacts(present=(stated(Fact("anticoagulant")),)), plan_of(visit))
    thrust, tension = deck(visit, alerts=alerts).cards
    assert (thrust.code, thrust.level) == ("HVLA", "absolute")
    assert any(rule.rule == "R-46" for rule in thrust.rules)
    assert tension.level == ""


def test_what_holds_for_all_is_said_once() -> None:
    visit = _value("T5 FRSr; BLT, MFR")
    alerts = check(PatientFacts(sex=Sex.FEMALE, weeks=26), plan_of(visit))
    made = deck(visit, alerts=alerts)
    shared = {rule.rule for rule in made.rules}
    assert "R-139" in shared  # past 20 weeks, for whatever is done
    assert all(rule.rule not in shared for card in made.cards for rule in card.rules)
    assert made.hand
    assert not set(made.hand) & {say for card in made.cards for say in card.hand}


def test_a_visit_without_techniques_has_no_card() -> None:
    assert deck(_value("T5 FRSr")).cards == ()


@pytest.mark.django_db
class TestPage:
    """The page of a visit's cards."""

    def _visit(self, text: str) -> Visit:
        return Visit.objects.create(
            patient=patient(),
            clinician=member(Role.PHYSICIAN),
            location=location(),
            number=1,
            date=today(),
            draft={"text": text},
        )

    def test_it_shows_the_cards_with_what_is_on_record(self, client: Client) -> None:
        visit = self._visit("C4 FRSr; HVLA")
        MedicineEntry.objects.create(patient=visit.patient, text="warfarin 5 mg daily")
        signed_in(client, member(Role.PHYSICIAN))
        page = client.get(reverse("treatment_card", args=[visit.uid])).content.decode()
        assert "Thrust, high velocity low amplitude" in page
        assert "Do not use" in page
        event = AuditEvent.objects.latest("pk")
        assert (event.action, event.patient_id) == ("visit.card", visit.patient_id)

    def test_large_type_by_its_address(self, client: Client) -> None:
        visit = self._visit("T5 FRSr; ME")
        signed_in(client, member(Role.PHYSICIAN))
        address = reverse("treatment_card", args=[visit.uid])
        assert "big-type" not in client.get(address).content.decode()
        assert "big-type" in client.get(address, {"big": "1"}).content.decode()

    def test_without_techniques_it_says_what_to_do(self, client: Client) -> None:
        visit = self._visit("")
        signed_in(client, member(Role.PHYSICIAN))
        assert (
            "No technique is chosen"
            in client.get(reverse("treatment_card", args=[visit.uid])).content.decode()
        )

    def test_an_unknown_visit_is_not_found(self, client: Client) -> None:
        signed_in(client, member(Role.PHYSICIAN))
        address = reverse("treatment_card", args=["00000000-0000-4000-8000-000000000000"])
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.OWNER])
    def test_only_those_who_read_visits_see_it(self, client: Client, role: Role) -> None:
        visit = self._visit("T5 FRSr; ME")
        signed_in(client, member(role))
        assert client.get(reverse("treatment_card", args=[visit.uid])).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_axe_finds_nothing_serious(
    transactional_db: None,
    open_page: Callable[..., Page],
    no_serious_axe: Callable[[Page], None],
    width: int,
    dark: bool,
) -> None:
    user = member(Role.PHYSICIAN)
    visit = Visit.objects.create(
        patient=patient(),
        clinician=user,
        location=location(),
        number=1,
        date=today(),
        draft={"text": "C4 FRSr; HVLA\nT5 FRSr; BLT"},
    )
    page = open_page(user, f"/visits/{visit.uid}/treatment-card", width=width, dark=dark)
    no_serious_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
