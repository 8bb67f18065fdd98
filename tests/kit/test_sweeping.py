"""One broken row of a sweep is undone and stays due; the others are done."""

import pytest

from marketplace.kit.models import LiveTopic
from marketplace.kit.sweeping import each_alone

pytestmark = pytest.mark.django_db


def test_a_broken_row_is_undone_and_the_others_are_done() -> None:
    rows = [LiveTopic.objects.create(name=f"task:{number}", sequence=0).pk for number in (1, 2, 3)]

    def count_on(pk: str) -> bool:
        LiveTopic.objects.filter(pk=pk).update(sequence=1)
        if pk == rows[1]:
            raise RuntimeError("broken")
        return True

    assert each_alone(rows, count_on) == 2
    assert list(LiveTopic.objects.filter(sequence=0).values_list("pk", flat=True)) == [rows[1]]


def test_rows_with_nothing_to_do_are_not_counted() -> None:
    assert each_alone([1, 2], lambda pk: None if pk == 1 else pk) == 1
