"""Disputes and tasks at the desk; the desk's own urls.py includes them."""

from django.urls import path

from frontend.desk.disputes import cancellations, views

urlpatterns = [
    path("desk/disputes/", views.queue, name="disputes"),
    path("desk/disputes/<int:assignment_id>/", views.dispute, name="dispute"),
    path("desk/cancellations/", cancellations.queue, name="contested"),
    path("desk/cancellations/<int:cancellation_id>/", cancellations.cancellation, name="cancellation"),
    path("desk/tasks/<int:task_id>/remove/", views.remove_task, name="remove_task"),
]
