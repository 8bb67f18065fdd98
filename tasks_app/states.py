"""The legal steps: target state → the states it may be entered from. The database's constraints agree."""

from marketplace.kit.states import Steps

TASK_STEPS: Steps = {
    "assigned": frozenset({"open"}),
    "in_progress": frozenset({"assigned"}),
    "done": frozenset({"assigned", "in_progress"}),
    "closed": frozenset({"done", "disputed"}),
    "disputed": frozenset({"done", "in_progress"}),
    "cancelled": frozenset({"open", "assigned", "in_progress", "disputed"}),
    "expired": frozenset({"open"}),
    "removed": frozenset({"open", "assigned"}),
}

RESPONSE_STEPS: Steps = {
    "withdrawn": frozenset({"sent"}),
    "accepted": frozenset({"sent"}),
    "not_chosen": frozenset({"sent"}),
    "closed": frozenset({"sent", "accepted"}),
}

UNFINISHED = ("assigned", "on_the_way", "started")  # nobody has called the work done

ASSIGNMENT_STEPS: Steps = {
    "on_the_way": frozenset({"assigned"}),
    "started": frozenset({"assigned", "on_the_way"}),
    "done": frozenset({"started"}),
    "accepted": frozenset({"done", "disputed"}),
    "disputed": frozenset({"done", "started"}),
    "cancelled": frozenset({"assigned", "on_the_way", "started", "disputed"}),
}
