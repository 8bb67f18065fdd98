from django.urls import path

from frontend.posting.views import edit, parts, photos, publish, start, task_photos

app_name = "posting"
urlpatterns = [
    path("post/", start.start, name="start"),
    path("post/find/", start.suggest, name="find"),
    path("post/addresses/", parts.suggest_address, name="addresses"),
    path("post/map/", parts.city_map, name="map"),
    path("post/drafts/", publish.drafts, name="drafts"),
    path("post/<uuid:public_id>/work/", start.category, name="category"),
    path("post/<uuid:public_id>/questions/", parts.questions, name="questions"),
    path("post/<uuid:public_id>/details/", parts.details, name="details"),
    path("post/<uuid:public_id>/place/", parts.place, name="place"),
    path("post/<uuid:public_id>/when/", parts.when, name="when"),
    path("post/<uuid:public_id>/budget/", parts.budget, name="budget"),
    path("post/<uuid:public_id>/photos/", photos.photos, name="photos"),
    path("post/<uuid:public_id>/photos/order/", photos.order, name="order_photos"),
    path("post/<uuid:public_id>/photos/<uuid:photo_id>/delete/", photos.delete, name="delete_photo"),
    path("post/<uuid:public_id>/preview/", publish.preview, name="preview"),
    path("post/<uuid:public_id>/publish/", publish.publish, name="publish"),
    path("post/<uuid:public_id>/published/", publish.published, name="published"),
    path("post/<uuid:public_id>/discard/", publish.discard, name="discard"),
    path("tasks/<int:task_id>/edit/", edit.menu, name="edit"),
    path("tasks/<int:task_id>/edit/photos/", task_photos.photos, name="task_photos"),
    path("tasks/<int:task_id>/edit/photos/<uuid:photo_id>/delete/", task_photos.delete, name="delete_task_photo"),
    path("tasks/<int:task_id>/edit/<slug:part>/", edit.edit, name="edit_part"),
    path("tasks/<int:task_id>/again/", publish.again, name="again"),
]
