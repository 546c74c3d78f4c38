"""Addresses of the screens that gather from every step."""

from __future__ import annotations

from openomt.care.desk import chart_urls, today_urls

urlpatterns = [*today_urls.urlpatterns, *chart_urls.urlpatterns]
