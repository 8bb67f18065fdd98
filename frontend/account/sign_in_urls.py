"""The pages of allauth that we use. There are no passwords, so their pages do not exist."""

from allauth.account import views
from allauth.decorators import rate_limit
from django.urls import include, path
from django.views.generic import RedirectView

from frontend.account.views import contacts

few = rate_limit(action="confirm_code")  # many tries at once would outrun the five that one code allows
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", few(views.confirm_login_code), name="account_confirm_login_code"),
    path("login/again/", to_sign_in, name="account_request_login_code"),
    path("signup/", to_sign_in, name="account_signup"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("email/", contacts.change_email, name="account_email"),
    path("email/code/", views.email_verification_sent, name="account_email_verification_sent"),
    path("phone/", contacts.change_phone, name="account_change_phone"),
    path("phone/code/", contacts.verify_phone, name="account_verify_phone"),
    path("2fa/", include("allauth.mfa.urls")),
]
