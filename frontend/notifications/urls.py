from django.urls import path

from frontend.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.news, name="list"),
    path("notifications/read/", views.mark_read, name="read"),
    path("notifications/settings/", views.preferences, name="settings"),
]
