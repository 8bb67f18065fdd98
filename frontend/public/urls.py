from django.urls import path

from frontend.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("services/", views.categories, name="categories"),
]
