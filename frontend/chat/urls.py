from django.urls import path

from frontend.chat import views

app_name = "chat"
urlpatterns = [
    path("messages/", views.threads, name="list"),
    path("responses/<int:response_id>/thread/", views.start, name="start"),
    path("threads/<int:thread_id>/", views.thread, name="thread"),
    path("threads/<int:thread_id>/messages/", views.newer, name="newer"),
]
