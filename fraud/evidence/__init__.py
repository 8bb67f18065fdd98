"""The readable evidence rule: what positions say about a cancelled assignment, for it and against it."""
