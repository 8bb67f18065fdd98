from django.urls import path

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
    path("deals/<int:assignment_id>/answer/", deals.answer, name="answer"),
]
