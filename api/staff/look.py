"""What an agent looks at on the desk, and what it has typed there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ZOOMS: Final = (50, 75, 100, 150, 200)
DEFAULT_ZOOM: Final = 100


@dataclass(frozen=True)
class Look:
    """The piece asked for (the first worth a look when it is none), how large, and the form.

    `values` is everything typed in the letter's form, `errors` one sentence per wrong field.
    """

    piece: str = ""
    zoom: int = DEFAULT_ZOOM
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def zoom_from(text: str) -> int:
    """The zoom an address asks for; the usual one when it is none of ours."""
    return int(text) if text in {str(zoom) for zoom in ZOOMS} else DEFAULT_ZOOM
