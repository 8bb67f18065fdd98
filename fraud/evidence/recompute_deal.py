"""What is known of a cancelled deal besides positions, once more by one SQL statement over the rows of the task, the two
people's other deals, their conversation and the fee; as defined in `fraud.features.context`. It reads other packages' tables
past their selectors on purpose: it checks what those said. A test compares the two."""

from datetime import datetime

from django.db import connection

from fraud.evidence.recompute_track import metres_sql
from fraud.features.context import NOBODY, VAGUE

# Deals of the two people count as they stood when this one was cancelled, all else as it stood at the moment of judging.
DEAL_SQL = f"""
WITH own AS (
  SELECT a.id, a.task_id, a.response_id, a.customer_id, a.executor_id, a.chosen_at, a.window_start, a.window_end, c.at AS cancelled_at,
         c.by_side, CASE c.by_side WHEN 'executor' THEN c.executor_reason ELSE c.customer_reason END AS reason,
         r.price_minor, t.category_id, t.title, t.address, t.point, kind.default_minutes AS minutes
  FROM tasks_app_cancellation AS c JOIN tasks_app_assignment AS a ON a.id = c.assignment_id
  JOIN tasks_app_response AS r ON r.id = a.response_id JOIN tasks_app_task AS t ON t.id = a.task_id
  JOIN tasks_app_category AS kind ON kind.id = t.category_id
  WHERE c.id = %(cancellation)s
), other_deals AS (
  SELECT a.executor_id = own.executor_id AS executors, a.customer_id = own.customer_id AS customers,
         a.chosen_at < own.chosen_at AS earlier, coalesce(c.at < own.cancelled_at, false) AS cancelled,
         c.at >= own.cancelled_at - interval '60 days' AS lately
  FROM own, tasks_app_assignment AS a LEFT JOIN tasks_app_cancellation AS c ON c.assignment_id = a.id
  WHERE a.id <> own.id AND a.chosen_at < own.cancelled_at
    AND (a.executor_id = own.executor_id OR a.customer_id = own.customer_id)
), counted AS (
  SELECT count(*) FILTER (WHERE executors) AS executors, count(*) FILTER (WHERE executors AND cancelled) AS executors_cancelled,
         count(*) FILTER (WHERE customers) AS customers, count(*) FILTER (WHERE customers AND cancelled) AS customers_cancelled,
         count(*) FILTER (WHERE executors AND customers AND earlier) AS pair,
         count(*) FILTER (WHERE executors AND customers AND cancelled AND lately) AS pair_cancelled
  FROM other_deals
), talk AS (
  SELECT max(m.at) AS last, max(m.at) FILTER (WHERE m.masked_contacts > 0) AS contact
  FROM own JOIN chat_thread AS thread ON thread.response_id = own.response_id
  JOIN chat_message AS m ON m.thread_id = thread.id WHERE m.at <= %(as_of)s
), again AS (
  SELECT EXISTS (
    SELECT FROM tasks_app_task AS t, own
    WHERE t.customer_id = own.customer_id AND t.category_id = own.category_id AND t.id <> own.task_id
      AND (t.title = own.title OR (t.address = own.address AND t.address <> ''))
      AND t.created_at > own.cancelled_at AND t.created_at <= least(%(as_of)s, own.cancelled_at + interval '7 days')) AS posted
), elsewhere AS (  -- another deal of the executor, within 250 m, whose time meets the window
  SELECT EXISTS (
    SELECT FROM own, tasks_app_assignment AS a JOIN tasks_app_task AS t ON t.id = a.task_id
    LEFT JOIN tasks_app_cancellation AS c ON c.assignment_id = a.id
    WHERE a.executor_id = own.executor_id AND a.id <> own.id AND a.chosen_at <= %(as_of)s AND (c.id IS NULL OR c.at > %(as_of)s)
      AND a.window_start < own.window_end AND a.window_end > own.window_start
      AND {metres_sql("ST_Y(own.point)", "ST_X(own.point)", "ST_Y(t.point)", "ST_X(t.point)")} <= 250) AS works
)
SELECT CASE WHEN minutes > 0 THEN minutes ELSE 60 END AS expected_min,
       extract(epoch FROM window_end - window_start) / 60 AS window_min,
       least(3000, greatest(-600, extract(epoch FROM window_start - cancelled_at) / 60)) AS notice_min,
       (by_side = 'customer')::int AS by_customer,
       CASE WHEN reason <> '' THEN (reason = ANY(%(vague)s))::int END AS reason_vague,
       CASE WHEN reason <> '' THEN (reason = ANY(%(nobody)s))::int END AS reason_no_show, price_minor,
       (SELECT amount_minor FROM payments_charge AS fee WHERE fee.response_id = own.response_id) AS fee_minor,
       pair AS pair_deals, pair_cancelled AS pair_cancellations, (executors_cancelled + 1) / (executors + 10.0) AS executor_cancel_share,
       (customers_cancelled + 1) / (customers + 10.0) AS customer_cancel_share, (contact IS NOT NULL)::int AS contacts_in_chat,
       (last <= coalesce(contact, chosen_at))::int AS silent_after, posted::int AS reposted, works::int AS other_job_near
FROM own, counted, talk, again, elsewhere
"""  # noqa: S608  constants of this module only


def recompute_deal(*, cancellation_id: int, as_of: datetime) -> dict[str, float | None]:
    """By the names of the measures; None where nothing is known. `as_of`: the moment of judging."""
    parameters: dict[str, int | datetime | list[str]] = {
        "cancellation": cancellation_id, "as_of": as_of, "vague": list(VAGUE), "nobody": list(NOBODY),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DEAL_SQL, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return {name: None if value is None else float(value) for name, value in zip(names, row, strict=True)}
