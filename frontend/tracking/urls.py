from django.urls import path

from frontend.tracking import views

app_name = "tracking"
urlpatterns = [
    path("shift/", views.shift, name="shift"),
    path("shift/start/", views.start, name="start"),
    path("shift/end/", views.end, name="end"),
    path("deals/<int:assignment_id>/map/", views.watch, name="watch"),
    path("my/location/", views.stored, name="stored"),
    path("my/location/delete/", views.delete_day, name="delete_day"),
    path("my/location/consent/", views.withdraw, name="withdraw"),
]
