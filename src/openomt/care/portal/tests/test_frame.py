"""What every patient page stands in: closed by default, in the patient's language, with the parts other steps use."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from openomt.care.accounts.middleware import AccessMiddleware
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Scope, for_patients, visitor
from openomt.care.portal.testing import visiting

pytestmark = pytest.mark.django_db


@for_patients(Scope.INTAKE)
def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


def test_a_patient_page_stays_closed_where_nobody_looked_who_it_is(rf: RequestFactory) -> None:
    request = rf.get("/my/page")
    access = AccessMiddleware(lambda _request: HttpResponse())
    with pytest.raises(PermissionDenied):
        access.process_view(request, _page, (), {})
    with pytest.raises(PermissionDenied):
        visitor(request)


def test_the_language_is_asked_for_then_chosen_then_the_patients_then_the_browsers(
    client: Client, adult: Patient
) -> None:
    where, spanish = reverse("portal_signed_out"), {"accept-language": "es-MX,es;q=0.9"}
    assert client.get(where)["Content-Language"] == "en"
    assert client.get(where, headers=spanish)["Content-Language"] == "es"
    Patient.objects.update(language="es")
    visiting(client, adult)
    assert client.get(reverse("portal_devices"))["Content-Language"] == "es"
    assert client.get(where, {"lang": "en"})["Content-Language"] == "en"
    assert client.get(where, headers=spanish)["Content-Language"] == "en"  # kept
    assert client.get(where, {"lang": "xx"})["Content-Language"] == "en"


@pytest.mark.parametrize(
    "target", ["https://example.test/", "//example.test/my/", "/today", "", "javascript:1"]
)
def test_the_switch_of_language_leads_nowhere_else(client: Client, target: str) -> None:
    answer = client.post(reverse("portal_language"), {"to": "es", "next": target})
    assert answer["Location"] == reverse("portal_sign_in")


def test_pages_of_members_stay_english(client: Client) -> None:
    client.cookies["language"] = "es"
    answer = client.get(reverse("account_login"), headers={"accept-language": "es"})
    assert "Sign in" in answer.content.decode()
    assert "Content-Language" not in answer


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is no such page"), ("es", "Esta página no existe")]
)
def test_an_error_speaks_the_patients_language(client: Client, language: str, words: str) -> None:
    answer = client.get("/my/no/such/page", {"lang": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_form_that_is_too_old_says_so_in_the_patients_language(adult: Patient) -> None:
    client = visiting(Client(enforce_csrf_checks=True), adult)
    client.cookies["language"] = "es"
    answer = client.post(reverse("portal_sign_out"))
    assert (answer.status_code, "No se envió" in answer.content.decode()) == (403, True)


def test_danger_says_what_to_do_before_anything_else() -> None:
    page = render_to_string("portal/_danger.html", {"act": "Go now.", "more": "Do not drive.", "call": "911"})
    assert page.index("<h1>Go now.</h1>") < page.index("Do not drive.") < page.index('href="tel:911"')
    with translation.override("es"):
        assert "Llame al 911" in render_to_string("portal/_danger.html", {"act": "Vaya ya.", "call": "911"})


def test_progress_is_a_bar_with_words() -> None:
    page = render_to_string("portal/_progress.html", {"at": 5, "of": 9, "left": "about 2 minutes"})
    assert 'value="5" max="9"' in page
    assert "Question 5 of 9" in page
    assert "about 2 minutes" in page


def test_no_page_of_a_patient_is_kept_by_the_browser(client: Client, adult: Patient) -> None:
    assert visiting(client, adult).get(reverse("portal_devices"))["Cache-Control"] == "no-store"
