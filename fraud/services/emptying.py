"""Evidence is emptied: what was found in words and times goes, the numbers a model learns from stay."""

from collections.abc import Collection

from django.db import connection

from fraud.models import Evidence

# When somebody was near and how many positions say so: for the words alone, no model reads them.
TIMES = ["stay_begin", "stay_finish", "stay_fixes"]
SCORES = """
UPDATE fraud_score SET facts = '[]', measures = measures - %s::text[]
WHERE cancellation_id IN (SELECT cancellation_id FROM fraud_evidence WHERE id = ANY(%s))
"""


def empty_evidence(pks: Collection[int]) -> int:
    """Of these rows of evidence the findings, and of their cancellations the facts told with the scores. How many rows."""
    if not pks:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SCORES, [TIMES, list(pks)])
    return Evidence.objects.filter(pk__in=pks).update(findings={})
