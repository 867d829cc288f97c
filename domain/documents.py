"""Is this paper good? Facts come in, a verdict goes out; nothing here opens a file.

Only the portal's own limits refuse: not readable, wrong type, too large, password. Whatever else is
noticed is help for the family and for the agent, never a verdict. The sentences are in remarks.py.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, Literal

from domain.french import plural
from domain.remarks import INFECTED, Grade, Remark

Failure = Literal["timeout", "memory", "crash", "unreadable", "too_many_pixels"]

MEGABYTE: Final = 1024 * 1024
FIRST_BYTES: Final = 64
NAME_LENGTH: Final = 120
MAX_MEGAPIXELS: Final = 50
_FIELDS_SHOWN: Final = 5
_FIELD_LENGTH: Final = 30


class Scan(StrEnum):
    """What the antivirus says of a file. `UNSCANNED`: the town has none; nobody calls that sound.

    `PENDING`: it has not been able to say yet, and staff open nothing of the file until it has.
    """

    CLEAN = "clean"
    INFECTED = "infected"
    PENDING = "pending"
    UNSCANNED = "unscanned"


class MediaType(StrEnum):
    """The kinds of files a family may send."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"

    @property
    def is_photo(self) -> bool:
        """Whether the portal keeps it as a picture turned upright."""
        return self is not MediaType.PDF


EXTENSIONS: Final[Mapping[str, MediaType]] = {
    ".pdf": MediaType.PDF,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
    ".heic": MediaType.HEIC,
    ".heif": MediaType.HEIC,
}
_HEIC_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the portal takes. All of it is said before a family chooses a file (`announcement`)."""

    pdf_bytes: int = 6 * MEGABYTE
    photo_bytes: int = 15 * MEGABYTE
    files_per_piece: int = 10
    files_per_hour: int = 30
    family_bytes: int = 200 * MEGABYTE
    readable_side: int = 500
    comfortable_side: int = 1000

    def for_type(self, media_type: MediaType | None) -> int:
        """The most bytes a file of this type may have; for an unknown type, of any type."""
        if media_type is None:
            return max(self.pdf_bytes, self.photo_bytes)
        return self.photo_bytes if media_type.is_photo else self.pdf_bytes


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was seen of one file. `width` and `height` are pixels of the photo once upright.

    `media_type` is None when the content is none of ours. `is_blank` and `is_drawn` stay None
    until somebody has drawn the pages. What is infected was not opened: nothing else is known.
    `empty_fields` are names of required fields of its form, some of `empty_count`, as its author
    wrote them.
    """

    size_bytes: int
    is_infected: bool = False
    media_type: MediaType | None = None
    failure: Failure | None = None
    needs_password: bool = False
    pages: int = 0
    width: int = 0
    height: int = 0
    has_active_content: bool = False
    is_blank: bool | None = None
    is_drawn: bool | None = None
    empty_fields: tuple[str, ...] = ()
    empty_count: int = 0
    is_xfa_only: bool = False


@dataclass(frozen=True)
class Verdict:
    """The grade is that of the worst remark."""

    grade: Grade
    remarks: tuple[Remark, ...]

    @property
    def is_refused(self) -> bool:
        """Whether the file must not be kept."""
        return self.grade == "refused"


def announcement(limits: Limits) -> str:
    """What may be sent, said above the field before anybody chooses a file."""
    return (
        f"PDF de {_megabytes(limits.pdf_bytes)} Mo au plus, ou photos JPEG, PNG ou HEIC de "
        f"{_megabytes(limits.photo_bytes)} Mo au plus chacune. "
        f"{limits.files_per_piece} fichiers au plus."
    )


def sniff(first_bytes: bytes) -> MediaType | None:
    """The type a file starts like, or None. `FIRST_BYTES` bytes are enough; a hint, not a proof."""
    if first_bytes.startswith(b"%PDF-"):
        return MediaType.PDF
    if first_bytes.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if first_bytes.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if first_bytes[4:8] == b"ftyp" and first_bytes[8:12] in _HEIC_BRANDS:
        return MediaType.HEIC
    return None


def accepts(first_bytes: bytes, declared_name: str) -> Remark | None:
    """The cheap look while a file arrives: None to go on, or the remark that refuses it.

    Name and content must both say PDF, or both say photo. Phones often name one kind of photo
    like another, and some name it without an extension: both pass, since photos are re-encoded.
    """
    if not first_bytes:
        return Remark("empty")
    extension = PurePosixPath(clean_name(declared_name)).suffix.lower()
    declared = EXTENSIONS.get(extension)
    found = sniff(first_bytes)
    if declared is None:
        return Remark("wrong_type") if extension or found is None else None
    if found is None or found.is_photo != declared.is_photo:
        return Remark("disguised")
    return None


def outgrows(size_bytes: int, media_type: MediaType | None, limits: Limits) -> Remark | None:
    """The remark that stops a file as soon as it is larger than its type may be."""
    limit = limits.for_type(media_type)
    if size_bytes <= limit:
        return None
    is_pdf = media_type is MediaType.PDF
    code = "pdf_too_large" if is_pdf else "photo_too_large"
    return Remark(code, {"megabytes": _megabytes(limit)})


def crowds(files_already_there: int, limits: Limits) -> Remark | None:
    """The remark that refuses one more file for a piece which has its maximum."""
    if files_already_there < limits.files_per_piece:
        return None
    return Remark("too_many_files", {"files": limits.files_per_piece})


def exhausts(files_in_an_hour: int, bytes_kept: int, limits: Limits) -> Remark | None:
    """The remark that refuses one more file of a family which has given as much as it may.

    `files_in_an_hour` were given within the last hour, whatever became of them; `bytes_kept` are
    those of all documents that the family has at the portal now.
    """
    if files_in_an_hour >= limits.files_per_hour:
        return Remark("too_often", {"files": limits.files_per_hour})
    if bytes_kept >= limits.family_bytes:
        return Remark("family_full", {"megabytes": _megabytes(limits.family_bytes)})
    return None


def judge(facts: Facts, limits: Limits) -> Verdict:
    """The same facts under the same limits always get the same verdict."""
    refusal = _refusal(facts, limits)
    if refusal is not None:
        return Verdict("refused", (refusal,))
    remarks = (_good_word(facts), *_doubts(facts, limits))
    return Verdict("doubtful" if len(remarks) > 1 else "good", remarks)


def clean_name(original: str) -> str:
    """A name fit to be shown and sent back in a header: one line, no path, at most 120 characters.

    Control, invisible and direction-changing characters go; the extension is kept.
    """
    last_part = original.replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join(_visible(last_part).split()).lstrip(". ")
    if not name:
        return "document"
    extension = PurePosixPath(name).suffix
    if len(name) <= NAME_LENGTH or len(extension) > FIRST_BYTES:
        return name[:NAME_LENGTH].rstrip()
    return name[: NAME_LENGTH - len(extension)].rstrip() + extension


def _refusal(facts: Facts, limits: Limits) -> Remark | None:
    if facts.is_infected:
        return Remark(INFECTED)
    if facts.size_bytes == 0:
        return Remark("empty")
    too_large = outgrows(facts.size_bytes, facts.media_type, limits)
    if too_large is not None:
        return too_large
    if facts.media_type is None:
        return Remark("wrong_type")
    if facts.failure is not None:
        return _failure(facts.failure, facts.media_type)
    return _not_enough(facts, limits)


def _not_enough(facts: Facts, limits: Limits) -> Remark | None:
    if facts.needs_password:
        return Remark("password")
    if facts.media_type is MediaType.PDF:
        return Remark("no_pages") if facts.pages < 1 else None
    return Remark("too_small") if min(facts.width, facts.height) < limits.readable_side else None


def _failure(failure: Failure, media_type: MediaType) -> Remark:
    if failure == "too_many_pixels":
        return Remark("too_many_pixels", {"megapixels": MAX_MEGAPIXELS})
    if media_type.is_photo:
        return Remark("unreadable_photo")
    return Remark("unreadable" if failure == "unreadable" else "too_complex")


def _good_word(facts: Facts) -> Remark:
    if facts.media_type is not MediaType.PDF:
        return Remark("readable_photo")
    return Remark("readable_page" if facts.pages == 1 else "readable_pages", {"pages": facts.pages})


def _doubts(facts: Facts, limits: Limits) -> tuple[Remark, ...]:
    is_pdf = facts.media_type is MediaType.PDF
    seen = {
        "small_photo": not is_pdf and min(facts.width, facts.height) < limits.comfortable_side,
        "blank": facts.is_blank is True,
        "xfa_only": facts.is_xfa_only,
        "active_content": facts.has_active_content,
        "not_drawn": facts.is_drawn is False,
    }
    doubts = tuple(Remark(code) for code, is_so in seen.items() if is_so)
    if not facts.empty_fields:
        return doubts
    return (Remark("empty_fields", {"names": _shown_fields(facts)}), *doubts)


def _shown_fields(facts: Facts) -> str:
    """Names of fields for a sentence: one line each, cut, and how many more there are."""
    names = dict.fromkeys(map(_field_name, facts.empty_fields))
    shown = list(names)[:_FIELDS_SHOWN]
    more = max(facts.empty_count, len(names)) - len(shown)
    words = ", ".join(shown)
    return f"{words} et {plural(more, 'autre')}" if more > 0 else words


def _field_name(name: str) -> str:
    """A name fit to be shown: no sign that is not seen, or that turns the text around."""
    tidy = " ".join(_visible(name).split())
    return tidy if len(tidy) <= _FIELD_LENGTH else f"{tidy[: _FIELD_LENGTH - 1].rstrip()}…"


def _visible(text: str) -> str:
    return "".join(
        " " if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc") else c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )


def _megabytes(size_bytes: int) -> int:
    return max(1, size_bytes // MEGABYTE)
