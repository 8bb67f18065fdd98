from tasks_app.models.assignments import Assignment, AssignmentEvent, Cancellation
from tasks_app.models.catalogue import Category, CategoryGroup, Question
from tasks_app.models.places import City, District, Street
from tasks_app.models.responses import Response, ResponseEvent
from tasks_app.models.tasks import Task, TaskDraft, TaskEvent, TaskPhoto, TaskPoint
from tasks_app.tracking.models import DeletedDay, Ping, Shift, TrackHold

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Cancellation",
    "Category",
    "CategoryGroup",
    "City",
    "DeletedDay",
    "District",
    "Ping",
    "Question",
    "Response",
    "ResponseEvent",
    "Shift",
    "Street",
    "Task",
    "TaskDraft",
    "TaskEvent",
    "TaskPhoto",
    "TaskPoint",
    "TrackHold",
]
