"""The one door from the live path to whatever scores: the readable rule, the champion, a shadow."""
