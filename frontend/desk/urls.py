from django.urls import path

from frontend.desk import views
from frontend.desk.disputes.urls import urlpatterns as about_disputes
from frontend.desk.fees.urls import urlpatterns as about_fees
from frontend.desk.held.urls import urlpatterns as about_held_money
from frontend.desk.money.urls import urlpatterns as about_money
from frontend.desk.people.urls import urlpatterns as about_people
from frontend.desk.tariffs.urls import urlpatterns as about_tariffs

app_name = "desk"
urlpatterns = [
    *about_people,
    *about_disputes,
    *about_held_money,
    *about_tariffs,
    *about_fees,
    *about_money,
    path("desk/", views.queue, name="queue"),
    path("desk/cases/<int:case_id>/", views.case, name="case"),
    path("desk/cases/<int:case_id>/next/", views.following, name="following"),
    path("desk/cases/<int:case_id>/decide/", views.decide, name="decide"),
    path("desk/cases/<int:case_id>/take/", views.take, name="take"),
    path("desk/cases/<int:case_id>/note/", views.add_note, name="note"),
    path("desk/cases/<int:case_id>/ask/", views.ask_both, name="ask"),
    path("desk/cases/<int:case_id>/snooze/", views.snooze, name="snooze"),
    path("desk/case-appeals/", views.appeals, name="case_appeals"),
    path("desk/case-appeals/<int:appeal_id>/", views.appeal, name="case_appeal"),
    path("desk/case-appeals/<int:appeal_id>/decide/", views.decide_appeal, name="decide_case_appeal"),
    path("desk/second/", views.second_reviews, name="second_reviews"),
    path("desk/second/<int:review_id>/", views.second_review, name="second_review"),
    path("desk/second/<int:review_id>/decide/", views.decide_second, name="decide_second"),
    path("desk/second/<int:review_id>/third/", views.third_review, name="third_review"),
    path("desk/second/<int:review_id>/third/decide/", views.decide_third, name="decide_third"),
    path("desk/learning/", views.learning, name="learning"),
    path("desk/learning/capacity/", views.set_capacity, name="set_capacity"),
    path("desk/learning/model/", views.change_model, name="change_model"),
    path("my/cases/", views.own_cases, name="own_cases"),
    path("my/cases/<int:case_id>/", views.own_case, name="own_case"),
    path("my/cases/<int:case_id>/answers/<int:inquiry_id>/", views.answer, name="answer"),
    path("my/cases/<int:case_id>/explain/", views.explain_case, name="explain_case"),
    path("my/cases/<int:case_id>/appeal/", views.appeal_case, name="appeal_case"),
    path("my/cases/<int:case_id>/forget/", views.forget_track, name="forget_track"),
]
