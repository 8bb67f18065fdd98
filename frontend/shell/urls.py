from django.urls import path

from frontend.shell import views

app_name = "shell"
urlpatterns = [
    path("components/", views.components, name="components"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("theme/", views.theme, name="theme"),
]
