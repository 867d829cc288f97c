"""How often one token may call: so many times a minute, counted in this process alone.

Several processes of the site each count for themselves: the true limit is as many times higher.
"""

from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=1)
_MOST_COUNTED = 10_000


class Pace:
    """The calls of the last minute, by whom."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[datetime, int]] = {}

    def wait(self, who: str, most: int, at: datetime) -> int:
        """Count a call; 0, or the seconds to wait when it is one too many (and is not counted)."""
        began, count = self._counted.get(who, (at, 0))
        if at - began >= _WINDOW:
            began, count = at, 0
        if count >= most:
            return max(1, -int((at - began - _WINDOW).total_seconds() // 1))
        if len(self._counted) >= _MOST_COUNTED and who not in self._counted:
            self._forget(at)
        self._counted[who] = began, count + 1
        return 0

    def _forget(self, at: datetime) -> None:
        self._counted = {who: one for who, one in self._counted.items() if at - one[0] < _WINDOW}
