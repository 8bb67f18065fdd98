"""What other packages may read of tasks (the rooms hold the code)."""

from tasks_app.assignments.fees import cancellation_preview
from tasks_app.assignments.reasons import reason_text, reasons_of
from tasks_app.assignments.selectors.cancellations import (
    CancellationFacts,
    assignments_of_executor,
    assignments_of_pair,
    cancellation_facts,
    cancelled_assignments_of,
)
from tasks_app.assignments.selectors.deals import (
    assignment_visible_to,
    assignments_by_response,
    assignments_visible_to,
    cancellation_visible_to,
    contacts_for,
    disputed_assignments,
    exact_place,
    my_tasks_page,
    standing_assignment,
)
from tasks_app.assignments.selectors.records import (
    CustomerRecord,
    ExecutorRecord,
    customer_record,
    customer_records,
    executor_record,
    executor_records,
)
from tasks_app.catalogue.search import search_categories
from tasks_app.catalogue.selectors import (
    active_cities,
    category_by_slug,
    city_at,
    city_by_slug,
    district_at,
    groups_with_categories,
)
from tasks_app.posting.geocoder import geocoder
from tasks_app.posting.selectors import (
    address_at,
    draft_visible_to,
    own_task,
    suggest_addresses,
    unpublished_drafts,
)
from tasks_app.responses.selectors import (
    my_responses_page,
    ranked_responses,
    response_to,
    response_visible_to,
    responses_visible_to,
    unseen_counts,
)
from tasks_app.tracking.selectors import last_position_for, open_shift, stored_summary, track

__all__ = [
    "CancellationFacts",
    "CustomerRecord",
    "ExecutorRecord",
    "active_cities",
    "address_at",
    "assignment_visible_to",
    "assignments_by_response",
    "assignments_of_executor",
    "assignments_of_pair",
    "assignments_visible_to",
    "cancellation_facts",
    "cancellation_preview",
    "cancellation_visible_to",
    "cancelled_assignments_of",
    "category_by_slug",
    "city_at",
    "city_by_slug",
    "contacts_for",
    "customer_record",
    "customer_records",
    "disputed_assignments",
    "district_at",
    "draft_visible_to",
    "exact_place",
    "executor_record",
    "executor_records",
    "geocoder",
    "groups_with_categories",
    "last_position_for",
    "my_responses_page",
    "my_tasks_page",
    "open_shift",
    "own_task",
    "ranked_responses",
    "reason_text",
    "reasons_of",
    "response_to",
    "response_visible_to",
    "responses_visible_to",
    "search_categories",
    "standing_assignment",
    "stored_summary",
    "suggest_addresses",
    "track",
    "unpublished_drafts",
    "unseen_counts",
]
