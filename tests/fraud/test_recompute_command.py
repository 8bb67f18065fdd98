"""Anybody with the machine checks a case's figures by one command: SQL says the same, and says where it does not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fraud.models import Case, Score
from marketplace.kit.models import AuditEvent


def said(cancellation_id: int) -> str:
    out = StringIO()
    call_command("fraud_recompute", str(cancellation_id), stdout=out)
    return out.getvalue()


def test_every_figure_of_a_case_is_said_again_by_sql(case: Case) -> None:
    text = said(case.cancellation_id)
    out = StringIO()
    call_command("fraud_recompute", str(case.pk), "--case", stdout=out)
    assert out.getvalue() == text
    assert "✗" not in text
    assert text.rstrip().endswith("0 differ")
    assert "window_end · rule-2" in text
    assert "window_end · geography-" in text
    assert AuditEvent.objects.filter(
        action="evidence.recomputed", subject=f"cancellation:{case.cancellation_id}"
    ).exists()


def test_a_figure_that_was_changed_is_found(case: Case) -> None:
    score = Score.objects.get(cancellation=case.cancellation, moment="window_end", role="shadow")
    Score.objects.filter(pk=score.pk).update(measures={**score.measures, "stay_min": 5.0})
    wrong = [line for line in said(case.cancellation_id).splitlines() if "✗" in line]
    assert [line.split()[1] for line in wrong] == ["stay_min"]


def test_no_such_cancellation_is_said(db: None) -> None:
    with pytest.raises(CommandError):
        said(999_999)
