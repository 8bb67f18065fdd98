"""What other packages may do with tasks (the rooms hold the code)."""

from tasks_app.tracking.services import accept_pings, delete_track, end_shift, hold_track, release_track, start_shift

__all__ = ["accept_pings", "delete_track", "end_shift", "hold_track", "release_track", "start_shift"]
