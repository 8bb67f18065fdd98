from django.urls import path

from frontend.deal.secure import views as secure
from frontend.deal.views import deals, mine, responding, responses, task

app_name = "deal"
urlpatterns = [
    path("my/tasks/", mine.my_tasks, name="my_tasks"),
    path("my/responses/", mine.my_responses, name="my_responses"),
    path("tasks/<int:task_id>/", task.show, name="task"),
    path("tasks/<int:task_id>/cancel/", task.cancel, name="cancel_task"),
    path("tasks/<int:task_id>/respond/", responding.respond, name="respond"),
    path("responses/<int:response_id>/", responses.show, name="response"),
    path("responses/<int:response_id>/choose/", responses.choose, name="choose"),
    path("responses/<int:response_id>/edit/", responding.edit, name="edit_response"),
    path("responses/<int:response_id>/withdraw/", responding.withdraw, name="withdraw_response"),
    path("deals/<int:assignment_id>/", deals.show, name="assignment"),
    path("deals/<int:assignment_id>/step/", deals.step, name="step"),
    path("deals/<int:assignment_id>/dispute/", deals.dispute, name="dispute"),
    path("deals/<int:assignment_id>/cancel/", deals.cancel, name="cancel"),
    path("responses/<int:response_id>/secure/", secure.choose, name="secure_choose"),
    path("secure-deals/<int:deal_id>/payment/", secure.payment, name="secure_payment"),
    path("deals/<int:assignment_id>/part/", secure.part, name="part"),
    path("deals/<int:assignment_id>/part/answer/", secure.answer_part, name="answer_part"),
    path("deals/<int:assignment_id>/money/appeal/", secure.appeal, name="appeal_split"),
    path("wallet/deals/", secure.money_lines, name="money_lines"),
    path("deals/<int:assignment_id>/answer/", deals.answer, name="answer"),
]
