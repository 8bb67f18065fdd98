from django.urls import path

from frontend.wallet.subscriptions import views

urlpatterns = [
    path("wallet/subscriptions/", views.overview, name="subscriptions"),
    path("wallet/subscriptions/compare/", views.compare, name="compare_subscriptions"),
    path("wallet/subscriptions/new/<int:category_id>/<int:city_id>/", views.subscribe, name="subscribe"),
    path("wallet/subscriptions/<int:subscription_id>/", views.state, name="subscription"),
    path("wallet/subscriptions/<int:subscription_id>/<slug:verb>/", views.change, name="change_subscription"),
]
