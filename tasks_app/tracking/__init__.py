"""Where executors are, told by their own browser: shifts, position reports (pings), consent, deletion."""
