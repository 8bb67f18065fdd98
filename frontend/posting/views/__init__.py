"""The screens on which a task is written, checked and published."""
