"""Positions on the globe as arrays: distances, offsets, and arithmetic on rows of unequal length. No Django here."""
