"""The rooms' admin pages; only the reference data is written there."""

from tasks_app.catalogue import admin

__all__ = ["admin"]
