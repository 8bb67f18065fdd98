from django.urls import path

from frontend.feed import map, views

app_name = "feed"
urlpatterns = [
    path("feed/", views.feed, name="list"),
    path("feed/news/", views.news, name="news"),
    path("feed/filters/", views.filters, name="filters"),
    path("feed/map/", map.page, name="map"),
    path("feed/map.json", map.data, name="map_data"),
]
