"""Asks for a reason where somebody comes to a restricted chart."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from openomt.care.accounts.middleware import wants_data
from openomt.care.patients.charts import RestrictedChartError


class RestrictedChartMiddleware:
    """Turns `RestrictedChartError` into the page that asks for a reason, and says so to scripts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, RestrictedChartError):
            return None
        where = reverse("open_glass", args=[error.patient.uid])
        if wants_data(request):
            return JsonResponse({"error": "restricted chart", "where": where}, status=403)
        in_part = bool(request.headers.get("HX-Request"))
        if request.method == "GET" and not in_part:
            where = f"{where}?{urlencode({'next': request.get_full_path()})}"
        if in_part:
            return HttpResponse(status=200, headers={"HX-Redirect": where})
        return HttpResponseRedirect(where)
