from django.urls import path

from frontend.account import views

app_name = "account"
urlpatterns = [
    path("account/", views.profile, name="profile"),
    path("account/welcome/", views.welcome, name="welcome"),
    path("account/edit/", views.edit, name="edit"),
    path("account/photo/", views.photo, name="photo"),
    path("account/executor/", views.executor, name="executor"),
    path("account/verification/", views.verification, name="verification"),
    path("account/verification/appeal/", views.appeal_refusal, name="appeal_refusal"),
    path("account/restrictions/", views.restrictions, name="restrictions"),
    path("account/restrictions/<int:restriction_id>/appeal/", views.appeal_restriction, name="appeal_restriction"),
    path("account/payouts/", views.payouts, name="payouts"),
    path("account/payouts/start/", views.start_payouts, name="start_payouts"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/<int:session_id>/end/", views.end_session, name="end_session"),
    path("account/sessions/end/", views.end_all_sessions, name="end_all_sessions"),
    path("account/devices/<int:device_id>/revoke/", views.revoke_device, name="revoke_device"),
]
