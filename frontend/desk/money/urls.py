from django.urls import path

from frontend.desk.money import views

urlpatterns = [
    path("desk/money/", views.overview, name="money"),
    path("desk/money/intents/<int:intent_id>/", views.trail, name="money_trail"),
    path("desk/money/intents/<int:intent_id>/return/", views.give_back, name="return_for_person"),
    path("desk/money/lines/", views.lines, name="money_lines"),
]
