"""A month of responses: what it covers, what it costs, and everything one can do with it."""
