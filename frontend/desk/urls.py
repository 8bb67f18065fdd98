from django.urls import URLPattern

from frontend.desk.people.urls import urlpatterns as about_people

app_name = "desk"
urlpatterns: list[URLPattern] = [*about_people]
