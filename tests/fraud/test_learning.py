"""Learning without bias: second looks, labels with their chances, models that earn their place, figures that alarm."""

import csv
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.test import Client

from fraud import services
from fraud.learning import auditing, figures, models_at_work, second
from fraud.learning.errors import AtWork, NotBetter, NoWayBack, TooFewLabels
from fraud.learning.labels import labels, measures_of
from fraud.learning.models import Figure, ModelVersion, SecondReview
from fraud.learning.training import retrain
from fraud.models import Case, Inquiry
from fraud.scoring import roles
from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import stays_away, sweep
from tests.journeys import steps
from tests.people import sign_in


@pytest.fixture
def reviewed(case: Case, moderator: User, settings: object) -> SecondReview:
    settings.FRAUD = {"second_share": 1.0}  # type: ignore[attr-defined]
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason_code="sent_away")
    return SecondReview.objects.get()


def test_who_decided_first_is_not_asked_again(reviewed: SecondReview, moderator: User) -> None:
    assert list(second.second_queue(moderator)) == []
    for person in (moderator, reviewed.case.executor, reviewed.case.customer):
        with pytest.raises(NotFound):
            services.decide_second(review_id=reviewed.pk, by=person, outcome="confirmed")
    reviewed.refresh_from_db()
    assert reviewed.decided_at is None


def test_the_second_look_is_blind_and_changes_nothing(reviewed: SecondReview) -> None:
    other = steps.moderator("Пётр Второй")
    desk = sign_in(Client(), other)
    assert f"/desk/second/{reviewed.pk}/" in desk.get("/desk/second/").content.decode()
    page = desk.get(f"/en/desk/second/{reviewed.pk}/").content.decode()
    assert "Stayed 85–" in page
    for hidden in ("was not let in", "Score of the rule", "Decided", "Other signals"):
        assert hidden not in page
    assert desk.post(f"/desk/second/{reviewed.pk}/decide/", {"outcome": "confirmed"}).status_code == 302
    reviewed.refresh_from_db()
    assert (reviewed.outcome, reviewed.by) == ("confirmed", other)
    assert Case.objects.get().outcome == "innocent"
    found = second.agreement()
    assert (found.count, found.same) == (1, 0.0)
    assert desk.post(f"/desk/second/{reviewed.pk}/decide/", {"outcome": "innocent"}).status_code == 404


def test_labels_carry_the_chance_they_had(
    agreed: Assignment,
    cancelled: Cancellation,
    clock: Clock,
    settings: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.FRAUD = {"audit_share": 0.5, "capacity_per_day": 1, "unflagged_per_case": 1}  # type: ignore[attr-defined]
    monkeypatch.setattr(auditing, "_dice", Random(1))
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    services.decide_case(case_id=Case.objects.get().pk, by=steps.moderator(), outcome="innocent", reason="x")
    (label,) = labels()
    assert (label.label, label.propensity, label.weight, label.source) == (0, 0.5, 2.0, "audit")
    out = tmp_path / "labels.csv"
    call_command("fraud_labels", "--out", str(out))
    (row,) = csv.DictReader(out.open())
    assert (row["label"], row["weight"]) == ("0", "2.0")
    assert float(row["fixes"]) > 10


def test_there_is_nothing_to_learn_from_few_labels(case: Case, moderator: User) -> None:
    services.decide_case(case_id=case.pk, by=moderator, outcome="confirmed", reason_code="worked_after")
    with pytest.raises(TooFewLabels):
        retrain()
    assert not ModelVersion.objects.exists()


def test_a_model_is_promoted_by_its_figures_only_and_one_step_leads_back(db: None, moderator: User) -> None:
    operator = steps.operator()
    models_at_work.register(version="m-1", path="shipped:geography")
    models_at_work.register(version="m-2", path="shipped:context")
    models_at_work.to_shadow(version="m-1", by=operator)
    with pytest.raises(NotBetter):
        models_at_work.promote(version="m-1", by=operator)
    with pytest.raises(NotFound):
        models_at_work.promote(version="m-1", by=moderator, force=True)
    models_at_work.promote(version="m-1", force=True)
    models_at_work.promote(version="m-2", force=True)
    assert dict(ModelVersion.objects.values_list("version", "role")) == {"m-1": "retired", "m-2": "champion"}
    models_at_work.roll_back(by=operator)
    assert dict(ModelVersion.objects.values_list("version", "role")) == {"m-1": "champion", "m-2": "challenger"}
    models_at_work.roll_back(by=operator)
    assert roles.serving().champion is roles.by_rule.score
    with pytest.raises(NoWayBack):
        models_at_work.roll_back(by=operator)


def test_the_champion_is_not_sent_into_the_shadow(db: None) -> None:
    """It would leave its work to the rule, without a way back."""
    for version, path in (("m-1", "shipped:geography"), ("m-2", "shipped:context")):
        models_at_work.register(version=version, path=path)
    models_at_work.promote(version="m-1", force=True)
    models_at_work.to_shadow(version="m-2")
    with pytest.raises(AtWork):
        models_at_work.to_shadow(version="m-1")
    assert dict(ModelVersion.objects.values_list("version", "role")) == {"m-1": "champion", "m-2": "shadow"}


def test_a_step_back_finds_the_earlier_champion_in_the_shadow_too(db: None) -> None:
    for version, path in (("m-1", "shipped:geography"), ("m-2", "shipped:context")):
        models_at_work.register(version=version, path=path)
        models_at_work.promote(version=version, force=True)
    models_at_work.to_shadow(version="m-1")
    models_at_work.roll_back()
    assert dict(ModelVersion.objects.values_list("version", "role")) == {"m-1": "champion", "m-2": "challenger"}
    models_at_work.roll_back()
    assert roles.serving().champion is roles.by_rule.score


def test_some_model_always_scores_so_that_something_can_be_learned(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    """After a challenger that lost, after a model went into the shadow or to work, and after a way back."""
    models_at_work.register(version="lost", path="none.skops")
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    assert measures_of(cancelled.pk) is not None
    for step in (models_at_work.to_shadow, models_at_work.promote):
        models_at_work.register(version="m-1", path="shipped:geography")
        step(version="m-1", **({"force": True} if step is models_at_work.promote else {}))
        assert roles.serving().shadow is not None
    models_at_work.roll_back()
    assert roles.serving().shadow is not None


def test_the_shipped_model_is_adopted_by_one_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("fraud_models", "adopt")
    assert ModelVersion.objects.get().version.startswith("geography-")
    assert "challenger" in capsys.readouterr().out


def test_figures_of_a_day_are_taken_once_and_shown(case: Case, moderator: User, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    services.decide_case(case_id=case.pk, by=moderator, outcome="confirmed", reason_code="worked_after")
    figures.take_figures(back=0)
    count = Figure.objects.count()
    figures.take_figures(back=0)
    assert Figure.objects.count() == count
    told = dict(Figure.objects.values_list("name", "value"))
    assert (told["flag_rate"], told["confirm_rate"]) == (1.0, 1.0)
    assert 2 <= told["cadence"] <= 5
    page = sign_in(Client(), steps.operator()).get("/en/desk/learning/").content.decode()
    assert 'class="spark"' in page
    assert "Confirmed, of decided flags" in page
    assert sign_in(Client(), moderator).get("/en/desk/learning/").status_code == 404


def test_an_operator_sets_the_days_work(db: None) -> None:
    desk = sign_in(Client(), steps.operator())
    assert desk.post("/desk/learning/capacity/", {"per_day": "7"}).status_code == 302
    assert "0 of 7 today" in desk.get("/en/desk/").content.decode()
    assert desk.post("/desk/learning/capacity/", {"per_day": "many"}).status_code == 422


def test_each_reads_a_ready_question_in_their_language_and_by_the_date(
    case: Case, moderator: User, clock: Clock
) -> None:
    case.customer.language = "en"
    case.customer.save()
    services.ask_both(case_id=case.pk, by=moderator, template="let_in", question="Код домофона 12?", hours=4)
    texts = {row.person_id: row.question for row in Inquiry.objects.all()}
    assert texts[case.executor_id].startswith("Приезжал ли исполнитель")
    assert texts[case.customer_id] == "Did the executor come, and was the executor let in? Код домофона 12?"
    assert {row.due_at - row.asked_at for row in Inquiry.objects.all()} == {timedelta(hours=4)}
    services.ask_both(case_id=case.pk, by=moderator, template="why_cancelled", side="customer")
    assert Inquiry.objects.filter(person=case.executor).count() == 1
