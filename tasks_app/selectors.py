"""What other packages may read of tasks (the rooms hold the code)."""

from tasks_app.tracking.selectors import last_position_for, open_shift, stored_summary, track

__all__ = ["last_position_for", "open_shift", "stored_summary", "track"]
