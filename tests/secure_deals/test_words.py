"""What executors read of the processor's codes about their account and payouts."""

import re

import pytest
from django.utils import translation

from payments.payouts import words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_code_of_the_processor_reaches_a_reader(language: str) -> None:
    codes = [
        "external_account",
        "individual.dob.day",
        "individual.verification.document",
        "tos_acceptance.date",
        "no.such",
    ]
    with translation.override(language):
        said = [
            *words.missing(codes),
            *(words.failure(code) for code in ("account_closed", "could_not_process", "never_heard_of")),
            *(words.problem(code) for code in ("rejected.fraud", "requirements.pending_verification", "listed")),
        ]
    for text in said:
        assert text
        assert not re.search(r"[a-z]_[a-z]|\w\.\w", text), text
        assert bool(re.search("[а-я]", text)) == (language == "ru"), text


def test_what_is_asked_in_parts_is_said_once() -> None:
    with translation.override("en"):
        parts = ["individual.dob.day", "individual.dob.month", "individual.first_name", "individual.last_name"]
        assert words.missing(parts) == ["your date of birth", "your name"]
        assert words.missing([]) == []


@pytest.mark.parametrize(
    ("code", "beginning"),
    [
        ("", ""),
        ("rejected.fraud", "The payment service has refused the account."),
        ("requirements.pending_verification", "The payment service is checking"),
        ("requirements.past_due", "The payment service needs something more"),
    ],
    ids=["none", "rejected", "checking", "asks"],
)
def test_why_an_account_was_stopped(code: str, beginning: str) -> None:
    with translation.override("en"):
        said = words.problem(code)
    assert said.startswith(beginning)
    assert bool(said) == bool(code)


def test_what_is_stored_is_the_source_and_every_reader_gets_their_own_language() -> None:
    with translation.override("ru"):
        stored, asked, checked = (
            words.failure_source("account_closed"),
            words.source_of(["tos_acceptance"]),
            words.source_of([]),
        )
    assert (stored, asked) == ("The bank account is closed.", "your consent to the terms of the payment service")
    assert checked == "the payment service is checking what you sent"
    with translation.override("ru"):
        assert translation.gettext(stored) == words.failure("account_closed")


def test_an_unknown_failure_is_said_to_be_unknown() -> None:
    with translation.override("en"):
        assert words.failure("a_code_of_tomorrow") == "The bank did not say why."
