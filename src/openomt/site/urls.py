"""Root addresses."""

from __future__ import annotations

from django.urls import include, path

from openomt.site import views

urlpatterns = [
    path("", views.first_page, name="first_page"),
    path("health", views.health, name="health"),
    # No address has two owners: those that are asked for most stand first.
    path("", include("openomt.care.desk.urls")),
    path("", include("openomt.care.visits.urls")),
    path("account/", include("allauth.urls")),
    path("", include("openomt.care.accounts.urls")),
    path("", include("openomt.care.patients.urls")),
    path("", include("openomt.care.contact.urls")),
    path("", include("openomt.care.portal.urls")),
    path("", include("openomt.care.learning.urls")),
    path("", include("openomt.care.booking.urls")),
    path("", include("openomt.care.intake.urls")),
    path("", include("openomt.care.agree.urls")),
    path("", include("openomt.care.billing.urls")),
    path("", include("openomt.care.followup.urls")),
    path("", include("openomt.care.mine.urls")),
]
handler400 = "openomt.site.views.bad_request"
handler403 = "openomt.site.views.permission_denied"
handler404 = "openomt.site.views.page_not_found"
handler500 = "openomt.site.views.server_error"
