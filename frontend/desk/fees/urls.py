"""A fee that should not have been taken; the desk's own urls.py includes them."""

from django.urls import path

from frontend.desk.fees import views

urlpatterns = [
    path("desk/fees/", views.find, name="fees"),
    path("desk/fees/<int:line_id>/", views.fee, name="fee"),
]
