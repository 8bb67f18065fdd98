from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from frontend.public import texts, views
from frontend.public.sitemaps import SECTIONS

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("services/", views.categories, name="categories"),
    path("c/<slug:slug>/", views.category, name="category"),
    path("in/<slug:slug>/", views.city, name="city"),
    path("in/<slug:city>/<slug:category>/", views.city_category, name="city_category"),
    path("rules/", views.rules, name="rules"),
    path("robots.txt", texts.robots, name="robots"),
    path("sitemap.xml", cache_control(public=True, max_age=3600)(sitemap), {"sitemaps": SECTIONS}, name="sitemap"),
]
