"""The address of the day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from openomt.care.accounts.access import signed_in


@signed_in
def stub(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stub")


urlpatterns = [
    path("today", stub, name="today"),
]
