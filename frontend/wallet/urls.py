from django.urls import path

from frontend.wallet import views
from frontend.wallet.cards.urls import urlpatterns as by_card
from frontend.wallet.subscriptions.urls import urlpatterns as by_month

app_name = "wallet"
urlpatterns = [
    *by_card,
    *by_month,
    path("wallet/", views.overview, name="overview"),
    path("wallet/lines/<int:line_id>/", views.line, name="line"),
    path("wallet/limits/", views.limits, name="limits"),
    path("wallet/trial/", views.begin_trial, name="trial"),
]
