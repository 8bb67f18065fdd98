"""Cancelled, and done all the same? Evidence in words, cases for people to decide, appeals."""
