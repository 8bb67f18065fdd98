from django.urls import URLPattern

app_name = "deal"
urlpatterns: list[URLPattern] = []
