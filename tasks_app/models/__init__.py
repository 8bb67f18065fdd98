from tasks_app.models.assignments import Assignment, AssignmentEvent, Cancellation
from tasks_app.models.catalogue import Category, CategoryGroup, Question
from tasks_app.models.places import City, District, Street
from tasks_app.models.responses import Response, ResponseEvent
from tasks_app.models.tasks import Task, TaskDraft, TaskEvent, TaskPhoto, TaskPoint

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Cancellation",
    "Category",
    "CategoryGroup",
    "City",
    "District",
    "Question",
    "Response",
    "ResponseEvent",
    "Street",
    "Task",
    "TaskDraft",
    "TaskEvent",
    "TaskPhoto",
    "TaskPoint",
]
