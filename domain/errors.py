"""What may go wrong in the town's own terms.

DomainError
├── NotFound              no such thing, or not yours: the two look the same
├── NotAllowed            you are known, but this is not for you
├── TransitionNotAllowed  the dossier is in a state where this cannot be done
├── Stale                 what you saw has changed since
├── Invalid               a value cannot be accepted; carries one code per field
└── Unavailable           a part of the town is down; what was given is kept

Each has a stable `code`. None knows of HTTP, none speaks French: `api/errors.py` does both.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """The root: something the town can explain."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts


class NotFound(DomainError):  # noqa: N818
    """No such thing, or it belongs to somebody else."""

    def __init__(self, code: str = "not_found", **facts: object) -> None:
        super().__init__(code, **facts)


class NotAllowed(DomainError):  # noqa: N818
    """Known, but not entitled."""

    def __init__(self, code: str = "not_allowed", **facts: object) -> None:
        super().__init__(code, **facts)


class TransitionNotAllowed(DomainError):  # noqa: N818
    """The dossier's state forbids it; `code` comes from `states.why_not`."""


class Stale(DomainError):  # noqa: N818
    """The answers changed since the page was shown."""

    def __init__(self, code: str = "stale_version", **facts: object) -> None:
        super().__init__(code, **facts)


class Invalid(DomainError):  # noqa: N818
    """Values that cannot be accepted: `fields` maps a field to a sentence for the person."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("invalid")
        self.fields = dict(fields)


class Unavailable(DomainError):  # noqa: N818
    """A part is down; what was given is kept and goes on by itself."""

    def __init__(self, code: str = "unavailable", **facts: object) -> None:
        super().__init__(code, **facts)
