"""Cities of people with homes, habits, errands, jobs and phones, and cancellations of every kind, from a seed."""
