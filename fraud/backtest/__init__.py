"""The whole path on files: positions and cancellations in, scores, figures and pictures out. No database."""
