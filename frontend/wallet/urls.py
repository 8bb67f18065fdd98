from django.urls import path

from frontend.wallet import views

app_name = "wallet"
urlpatterns = [
    path("wallet/", views.overview, name="overview"),
    path("wallet/lines/<int:line_id>/", views.line, name="line"),
    path("wallet/limits/", views.limits, name="limits"),
    path("wallet/trial/", views.begin_trial, name="trial"),
]
