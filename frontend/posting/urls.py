from django.urls import URLPattern

app_name = "posting"
urlpatterns: list[URLPattern] = []
