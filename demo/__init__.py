"""The demo world: five cities of people, tasks and deals made from one seed, so that every page has something true to show.

Most rows are written in bulk because a world of this size has to load in a minute; what they must agree on (the ledger, histories,
counters) is computed the way the services compute it, and tests check it. The people one can log in as live through the real
services, in `cast`.
"""
