"""Held money at the desk; the desk's own urls.py includes them."""

from django.urls import path

from frontend.desk.held import views

urlpatterns = [
    path("desk/held/", views.queue, name="held"),
    path("desk/held/<int:deal_id>/", views.deal, name="held_deal"),
    path("desk/held/<int:deal_id>/return/", views.give_back, name="held_return"),
    path("desk/held/approvals/<int:approval_id>/", views.decide, name="approval"),
    path("desk/disputes/<int:assignment_id>/divide/", views.divide, name="divide"),
]
