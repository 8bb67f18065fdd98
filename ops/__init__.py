"""Brings Poruchi up on one machine: `python3 -m ops help`. Standard library only, so that it runs before anything is installed."""
