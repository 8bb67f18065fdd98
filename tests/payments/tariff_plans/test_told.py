"""What executors read of new terms, each in their own language."""

import pytest
from django.utils import translation

from marketplace.notifications.models import Notification
from marketplace.notifications.selectors import render
from payments.models import Tariff
from payments.tariff_plans.announcements import terms_params


@pytest.mark.parametrize(("language", "said"), [("ru", "7,5 %"), ("en", "7.5 %")])
def test_a_share_is_written_as_the_reader_writes_numbers(db: None, language: str, said: str) -> None:
    from tests.payments.factories import category, city

    tariff = Tariff(
        category=category(), city=city(), currency="RUB", commission_bp=750, response_fee_minor=0, subscription_minor=0
    )
    when = {"when": {"at": "2026-11-22T12:00:00+00:00", "zone": "Europe/Moscow"}}
    row = Notification(kind="tariff_changes", params=terms_params(tariff) | when, path="/")
    with translation.override(language):
        assert said in render(row).text.replace("\xa0", " ")
