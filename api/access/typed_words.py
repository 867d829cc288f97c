"""What of a form a person typed or chose, and what of it is never handed back or kept."""

import re
from collections.abc import Iterable, Sequence

_OF_THE_FORM = frozenset(
    {"csrf", "act_id", "version", "retour", "then", "file", "q", "suite", "piece", "deadline"}
)
_SECRET = re.compile(r"password|^(confirm_)?code$|secret", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a password, or a code of a second factor."""
    return _SECRET.search(name) is not None


def typed_words(fields: Iterable[tuple[str, str]]) -> Sequence[str]:
    """What a person filled in: nothing that the page itself put there, no secret."""
    return [
        value
        for name, value in fields
        if name not in _OF_THE_FORM and not is_secret(name) and value.strip()
    ]
