"""What was made of positions goes with them. Arrays are loaded only when it comes to that: pages do without them."""

from datetime import date


def forget_day(*, executor_id: int, day: date) -> None:
    """Called inside the transaction in which the person deletes a UTC day of positions."""
    from fraud.stays import keeping

    keeping.forget_day(executor_id=executor_id, day=day)


def forget_days_before(*, before: date) -> None:
    """Called when the positions of earlier UTC days are forgotten."""
    from fraud.stays import keeping

    keeping.forget_before(before=before)
