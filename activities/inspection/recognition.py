"""What a file is, by its content: libmagic and the first bytes must agree.

pylibmagic carries the library and changes how this process loads it, so it comes first, and only
here: this module belongs to the nursery and is never imported by the worker.
"""

from pathlib import Path
from typing import Final

import pylibmagic  # noqa: F401  # isort: skip
import magic  # isort: skip

from domain.documents import FIRST_BYTES, MediaType, sniff

_LIBMAGIC: Final = magic.Magic(mime=True)
_NAMES: Final = {
    "application/pdf": MediaType.PDF,
    "image/jpeg": MediaType.JPEG,
    "image/png": MediaType.PNG,
    "image/heic": MediaType.HEIC,
    "image/heif": MediaType.HEIC,
}


def recognise(path: Path) -> MediaType | None:
    """The type of the file, or None when it is none of ours or when the two readings differ."""
    with path.open("rb") as file:
        start = sniff(file.read(FIRST_BYTES))
    whole = _NAMES.get(_LIBMAGIC.from_file(str(path)))
    return whole if whole is start else None
