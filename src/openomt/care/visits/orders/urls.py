from __future__ import annotations

from django.urls import path

from openomt.care.visits.orders import views

urlpatterns = [
    path("patients/<uuid:uid>/orders", views.orders, name="orders"),
    path("patients/<uuid:uid>/orders/new", views.order_new, name="order_new"),
    path("patients/<uuid:uid>/orders/advice", views.order_advice, name="order_advice"),
    path("orders/<uuid:uid>", views.order, name="order"),
    path("orders/<uuid:uid>/result", views.order_result, name="order_result"),
    path("orders/<uuid:uid>/read", views.order_read, name="order_read"),
    path("orders/<uuid:uid>/cancel", views.order_cancel, name="order_cancel"),
]
