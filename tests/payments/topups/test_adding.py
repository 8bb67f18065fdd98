"""A card kept without a payment: by the page, by the processor's word when nobody comes back, and never another person's."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound, PolicyDenied
from payments import selectors, services
from payments.errors import ProcessorAway
from payments.events.inbox import handle_due, poll
from payments.models import Entry, Intent, SavedCard
from payments.topups.adding import AddingView
from tests.payments.factories import person
from tests.people import sign_in
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


def begin(who: User, operation: str = "add-a-card") -> AddingView:
    return services.begin_adding(user_id=who.pk, operation=operation)


def see(who: User, view: AddingView) -> AddingView:
    return services.see_adding(user_id=who.pk, page_id=view.page_id)


def nothing_moved(simulator: Simulator) -> bool:
    dump = simulator.dump()
    return not dump["charge"] and not Entry.objects.exists() and not Intent.objects.exists()


def test_a_card_is_kept_and_nothing_is_charged(simulator: Simulator, andrey: User) -> None:
    view = begin(andrey)
    assert (view.stage, view.card) == ("open", None)
    assert simulator.pay(view.action_url)
    assert see(andrey, view).stage == "kept"
    card = SavedCard.objects.get()
    assert (card.user, card.last4, card.exp_month, card.exp_year, card.is_default) == (andrey, "4242", 12, 2034, True)
    assert nothing_moved(simulator)


def test_a_card_that_asks_for_a_confirmation_is_kept_after_it(simulator: Simulator, andrey: User) -> None:
    view = begin(andrey)
    assert simulator.pay(view.action_url, "4000002500003155", confirm=False) == ""
    assert (see(andrey, view).stage, SavedCard.objects.count()) == ("open", 0)
    assert simulator.pay(view.action_url, "4000002500003155")
    assert see(andrey, view).stage == "kept"


def test_a_card_its_bank_refuses_is_not_kept_and_another_one_is(simulator: Simulator, andrey: User) -> None:
    view = begin(andrey)
    assert simulator.pay(view.action_url, "4000000000000002") == ""
    assert (see(andrey, view).stage, SavedCard.objects.count()) == ("open", 0)
    assert simulator.pay(view.action_url)
    assert see(andrey, view).card == SavedCard.objects.get()


def test_who_never_comes_back_has_the_card_all_the_same(simulator: Simulator, andrey: User) -> None:
    view = begin(andrey)
    simulator.pay(view.action_url)
    poll()
    handle_due()
    assert [card.last4 for card in selectors.cards_of(andrey.pk)] == ["4242"]
    poll()
    handle_due()
    assert see(andrey, view).card == SavedCard.objects.get()


def test_a_card_that_was_taken_away_stays_away_whatever_is_heard_of_it_later(
    simulator: Simulator, andrey: User
) -> None:
    view = begin(andrey)
    simulator.pay(view.action_url)
    card = see(andrey, view).card
    assert card is not None
    services.remove_card(user_id=andrey.pk, card_id=card.pk)
    poll()
    handle_due()
    assert see(andrey, view).stage == "closed"
    assert selectors.cards_of(andrey.pk) == []


def test_a_page_nobody_used_is_closed(simulator: Simulator, andrey: User) -> None:
    view = begin(andrey)
    simulator.advance(hours=25)
    assert (see(andrey, view).stage, see(andrey, view).action_url) == ("closed", "")


def test_the_button_pressed_twice_opens_one_page(simulator: Simulator, andrey: User) -> None:
    assert begin(andrey) == begin(andrey)
    assert len(simulator.dump()["checkout.session"]) == 1
    assert begin(andrey, "another").page_id != begin(andrey).page_id


def test_another_persons_page_is_not_found_and_keeps_nothing(simulator: Simulator, andrey: User) -> None:
    view, other = begin(andrey), person("Сергей Другой")
    begin(other)
    simulator.pay(view.action_url)
    for page in (view.page_id, "cs_test_of_nobody"):
        with pytest.raises(NotFound):
            services.see_adding(user_id=other.pk, page_id=page)
    assert not SavedCard.objects.filter(user=other).exists()


def test_a_page_of_another_kind_keeps_no_card(simulator: Simulator, andrey: User) -> None:
    from marketplace.kit.money import Money
    from tests.payments.topups.steps import begin_page

    top_up = begin_page(andrey, Money(100_000))
    simulator.pay(top_up.action_url)
    with pytest.raises(NotFound):
        services.see_adding(user_id=andrey.pk, page_id=Intent.objects.get().processor_id)
    assert not SavedCard.objects.exists()


def test_too_many_cards_are_refused(simulator: Simulator, andrey: User, settings: object) -> None:
    for number in range(10):
        SavedCard.objects.create(
            user=andrey, processor_id=f"pm_{number}", brand="visa", last4="4242", exp_month=12, exp_year=2034
        )
    with pytest.raises(PolicyDenied) as refusal:
        begin(andrey)
    assert refusal.value.code == "too_many_cards"
    assert not simulator.dump()["checkout.session"]


def test_a_silent_processor_is_said_so_and_the_next_try_works(simulator: Simulator, andrey: User) -> None:
    begin(andrey, "the customer is known")
    simulator.fault("drop_after", path="/v1/checkout/sessions", count=2)
    with pytest.raises(ProcessorAway):
        begin(andrey)
    simulator.clear_faults()
    assert begin(andrey).stage == "open"
    assert len(simulator.dump()["checkout.session"]) == 2


def test_without_a_key_cards_cannot_be_added_and_the_page_says_so(andrey: User) -> None:
    with pytest.raises(PolicyDenied) as refusal:
        begin(andrey)
    assert refusal.value.code == "card_payments_off"
    assert "/wallet/cards/add/" not in sign_in(Client(), andrey).get("/wallet/cards/").content.decode()


@pytest.mark.parametrize(
    ("prefix", "word"), [("", "Деньги не списаны"), ("/en", "Nothing was charged")], ids=["ru", "en"]
)
def test_a_person_adds_a_card_and_reads_so_where_they_were(
    simulator: Simulator, andrey: User, prefix: str, word: str
) -> None:
    browser = sign_in(Client(), andrey)
    back = f"{prefix}/wallet/automatic/"
    leads = browser.post(f"{prefix}/wallet/cards/add/", {"operation": "one-of-mine", "back": back})
    returned = urlsplit(simulator.pay(leads.headers["Location"]))
    assert returned.path.startswith(f"{prefix}/wallet/cards/added/cs_test_")
    came = browser.get(f"{returned.path}?{returned.query}", follow=True)
    assert came.redirect_chain[0][0].startswith(back)
    assert word in came.content.decode()
    assert "4242" in came.content.decode()


def test_nobody_is_led_away_after_adding_a_card(simulator: Simulator, andrey: User) -> None:
    browser = sign_in(Client(), andrey)
    leads = browser.post("/wallet/cards/add/", {"operation": "one-of-mine", "back": "https://evil.example/"})
    returned = urlsplit(simulator.pay(leads.headers["Location"]))
    assert browser.get(f"{returned.path}?back=https://evil.example/").headers["Location"] == "/wallet/cards/"


def test_a_phone_app_adds_a_card_by_the_api(simulator: Simulator, andrey: User) -> None:
    browser = sign_in(Client(headers={"Idempotency-Key": "one-of-mine"}), andrey)
    begun = browser.post("/api/v1/wallet/cards", {"language": "en"}, content_type="application/json")
    assert (begun.status_code, begun.json()["stage"]) == (201, "open")
    simulator.pay(begun.json()["action_url"])
    seen = browser.get(f"/api/v1/wallet/cards/adding/{begun.json()['page_id']}").json()
    assert (seen["stage"], seen["card"]["last4"]) == ("kept", "4242")
    assert browser.get("/api/v1/wallet/cards").json() == [seen["card"]]
