"""Other indications than positions, joined in one place."""
