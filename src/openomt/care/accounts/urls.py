from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from openomt.care.accounts.access import signed_in


@signed_in
def stub(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stub")


urlpatterns = [
    path("me", stub, name="me"),
    path("practice", stub, name="practice"),
    path("audit", stub, name="audit"),
    path("lock", stub, name="lock"),
    path("locked", stub, name="locked"),
]
