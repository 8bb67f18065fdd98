from django.urls import path

from frontend.desk.tariffs import views

urlpatterns = [
    path("desk/tariffs/", views.table, name="tariffs"),
    path("desk/tariffs/<int:category_id>/<int:city_id>/", views.place, name="tariff"),
    path("desk/tariffs/rollouts/<int:rollout_id>/widen/", views.widen, name="widen_rollout"),
    path("desk/tariffs/rollouts/<int:rollout_id>/stop/", views.stop, name="stop_rollout"),
]
