from django.urls import path

from frontend.trust import views

app_name = "trust"
urlpatterns = [
    path("executors/<int:user_id>/", views.executor, name="executor"),
    path("deals/<int:assignment_id>/review/", views.review, name="review"),
    path("reviews/<int:review_id>/reply/", views.reply, name="reply"),
    path("portfolio/", views.portfolio, name="portfolio"),
    path("portfolio/<int:album_id>/", views.album, name="album"),
    path("portfolio/<int:album_id>/delete/", views.delete_album, name="delete_album"),
    path("portfolio/photos/<int:photo_id>/delete/", views.delete_photo, name="delete_photo"),
]
