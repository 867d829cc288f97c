"""The two mail domains of the example town that the catcher does not treat like the others."""

UNKNOWN = "refus.exemple.fr"
"""Knows nobody: every mail is refused for good (550)."""

SLOW = "lent.exemple.fr"
"""Asks to come back later (451), for ten minutes after an address's first mail."""
