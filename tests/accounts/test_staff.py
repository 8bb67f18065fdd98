"""Staff pages open after a second factor, the admin for operators; roles are given on record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.management import call_command
from django.test import Client, RequestFactory, override_settings

from marketplace.accounts import services
from marketplace.accounts.models import User
from marketplace.accounts.second_factor import give_authenticator_app, has_second_factor, sign_in_without_codes
from marketplace.kit.errors import DomainError, NotFound, PolicyDenied
from marketplace.kit.models import AuditEvent
from tests.people import code_by_email, sign_in

pytestmark = pytest.mark.django_db
STAFF_PAGES = ["/desk/verification/", "/en/desk/verification/", "/desk/appeals/", "/desk/people/"]


def staff(role: str = "moderator") -> User:
    return services.make_person(name="Мария Сотрудник", email=f"{role}@example.org", staff_role=role)


def app_code(person: User) -> str:
    """What the authenticator app of this person shows now."""
    secret = decrypt(Authenticator.objects.get(user=person, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


@pytest.mark.parametrize("path", [*STAFF_PAGES, "/admin/"])
def test_staff_without_a_second_factor_are_sent_to_set_one_up(client: Client, path: str) -> None:
    sign_in(client, staff("operator"), second_factor=False)
    assert client.get(path).headers["Location"].endswith("/account/2fa/")


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_session_that_has_not_passed_it_is_asked_for_it(client: Client, path: str) -> None:
    person = staff()
    give_authenticator_app(user=person)
    sign_in(client, person, second_factor=False)
    where = client.get(path).headers["Location"]
    assert "/account/2fa/reauthenticate/?next=" in where
    assert client.post(where, {"code": "000000"}).status_code == 200
    assert client.get(path).status_code == 302
    assert client.post(where, {"code": app_code(person)}).headers["Location"] == path
    assert client.get(path).status_code == 200


def test_the_code_by_mail_alone_does_not_sign_staff_in(client: Client) -> None:
    person = staff()
    give_authenticator_app(user=person)
    client.post("/account/login/", {"login": person.email})
    page = client.post("/account/login/code/", {"code": code_by_email("moderator@example.org")})
    assert page.headers["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/account/2fa/authenticate/", {"code": app_code(person)})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get("/desk/people/").status_code == 200
    assert client.session.get_expiry_age() <= 12 * 3600


@pytest.mark.django_db(transaction=True)
def test_an_authenticator_app_is_set_up_on_pages_and_opens_the_desk(client: Client) -> None:
    person = staff()
    sign_in(client, person, second_factor=False)
    page = client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    done = client.post("/account/2fa/totp/activate/", {"code": code})
    assert done.headers["Location"] == "/account/2fa/recovery-codes/"
    assert has_second_factor(person)
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    assert client.get("/account/2fa/recovery-codes/").status_code == 200
    assert client.get("/desk/people/").status_code == 200


def test_staff_keep_their_last_second_factor(client: Client) -> None:
    person = staff()
    give_authenticator_app(user=person)
    sign_in(client, person, second_factor=False)
    client.post("/account/2fa/reauthenticate/", {"code": app_code(person)})
    client.post("/account/2fa/totp/deactivate/")
    assert has_second_factor(person)


def test_people_find_no_staff_pages(client: Client) -> None:
    sign_in(client, services.make_person(name="Анна", phone="+79123456789"))
    assert {client.get(path).status_code for path in STAFF_PAGES} == {403}
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_admin_is_for_operators(client: Client) -> None:
    sign_in(client, staff())
    assert client.get("/admin/", follow=True).status_code == 403
    operator = sign_in(Client(), staff("operator"))
    page = operator.get("/admin/")
    assert page.status_code == 200
    for hidden in ("/admin/mfa/", "/admin/account/", "/admin/usersessions/", "/admin/auth/"):
        assert operator.get(hidden).status_code == 404
    assert operator.get("/admin/accounts/user/").status_code == 200
    assert operator.get("/admin/accounts/user/add/").status_code == 403


def test_an_operator_gives_a_role_and_the_person_signs_in_anew(client: Client) -> None:
    person = services.make_person(name="Анна", phone="+79123456789")
    theirs = sign_in(Client(), person)
    theirs.get("/account/")
    sign_in(client, staff("operator"))
    client.post(f"/admin/accounts/user/{person.pk}/change/", {"staff_role": "moderator", "name": "Взломано"})
    person.refresh_from_db()
    assert (person.staff_role, person.name) == ("moderator", "Анна")
    assert AuditEvent.objects.get(action="staff.role_changed").details == {"from": "", "to": "moderator"}
    assert theirs.get("/account/").status_code == 302


def test_nobody_else_gives_roles_and_nobody_to_themselves() -> None:
    person, moderator, operator = services.make_person(name="Анна", phone="+79123456789"), staff(), staff("operator")
    for by, user in ((person, person), (moderator, person), (moderator, moderator), (operator, operator)):
        with pytest.raises(PolicyDenied):
            services.set_staff_role(user=user, role="operator" if user is not operator else "", by=by)
    with pytest.raises(DomainError):
        services.set_staff_role(user=person, role="emperor", by=operator)
    assert set(User.objects.values_list("staff_role", flat=True)) == {"", "moderator", "operator"}
    assert not AuditEvent.objects.exists()


def test_the_first_operator_is_made_by_a_command(client: Client) -> None:
    call_command("make_staff", "boss@example.org", "--name", "Глеб Первый", verbosity=0)
    person = User.objects.get()
    assert (person.staff_role, person.email, person.name) == ("operator", "boss@example.org", "Глеб Первый")
    assert AuditEvent.objects.get().actor is None


def test_the_demo_signs_in_with_one_click_and_only_the_demo(client: Client) -> None:
    moderator = staff()
    request = RequestFactory().get("/demo/")
    request.session = client.session
    with pytest.raises(NotFound):
        sign_in_without_codes(request, moderator)
    assert not has_second_factor(moderator)
    with override_settings(DEMO=True):
        sign_in_without_codes(request, moderator)
    assert has_second_factor(moderator)
    assert AuditEvent.objects.get().action == "staff.signed_in_by_demo"
