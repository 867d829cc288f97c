"""A member of staff on the pages of a family: to type for somebody at the desk, or only to look.

A visit belongs to one session and to one family. The acts of a visit at the desk are those of the
family, given by the agent (`Actor.DESK`); a visit that looks gives none.
"""

from datetime import timedelta
from enum import StrEnum


class Mode(StrEnum):
    """What a visit is for."""

    DESK = "desk"
    VIEW = "view"


LASTS = {Mode.DESK: None, Mode.VIEW: timedelta(minutes=15)}
"""How long a visit lasts; None: until it is left, or the session ends."""
