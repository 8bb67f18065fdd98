from django.urls import path

from frontend.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.people, name="people"),
    path("demo/time/", views.pass_time, name="pass_time"),
    path("demo/<slug:key>/", views.enter, name="enter"),
]
