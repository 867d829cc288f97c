"""The pieces of a dossier: what is asked, what was given, what the agents said of it.

Four questions to storage for a whole dossier, however many files it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from activities.completeness import lent_to
from activities.inspection.jobs import THUMBNAIL
from domain import french
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.rules import PieceRule, Requirement, Rules
from domain.questions import Answers
from domain.reasons import COMPLEMENTS
from domain.remarks import GRADES, Grade, Remark, sentence
from domain.states import State
from storage.documents import DOUBTFUL, PENDING, REFUSED, STATEMENT, Document, Mark
from storage.dossiers import Dossier
from storage.requests import Request
from storage.store import Store
from storage.wallet import Held

REPLACE = "replace"


@dataclass(frozen=True)
class Lent:
    """A document that stands for a piece and was given with an earlier dossier, of that number.

    `valid_until` is the last day on which it holds, None without an end; `is_ended`: an agent
    found since that it holds no more.
    """

    document_id: str
    given_at: datetime
    number: str
    valid_until: date | None
    is_ended: bool


@dataclass(frozen=True)
class Piece:
    """One piece of one dossier.

    `documents` are the files and statements given and not taken away, oldest first, refused ones
    included: the family must read why. Where none of its own stands, those that the wallet lends
    are among them, and are told in `lent`. `asked` is the item of the open request about this
    piece, and `asked_at` the time of that request. Of one that `is_reserved` for whoever reads,
    nothing else is known: `api.reserved`.
    """

    rule: PieceRule
    documents: tuple[Document, ...]
    mark: Mark | None = None
    asked: Mapping[str, Any] | None = None
    asked_at: datetime | None = None
    is_reserved: bool = False
    lent: tuple[Lent, ...] = ()

    @property
    def own(self) -> tuple[Document, ...]:
        """What was given with this dossier itself."""
        lent = {one.document_id for one in self.lent}
        return tuple(one for one in self.documents if one.id not in lent)

    @property
    def code(self) -> str:
        """The piece's code, also its place in addresses."""
        return self.rule.piece.code

    @property
    def title(self) -> str:
        """The piece's name."""
        return self.rule.piece.title

    @property
    def is_mandatory(self) -> bool:
        """Whether the dossier is incomplete without it."""
        return self.rule.requirement is Requirement.MANDATORY

    @property
    def given(self) -> tuple[Document, ...]:
        """What stands for the piece: everything but what the inspection refused."""
        lent = {one.document_id for one in self.lent}
        return tuple(one for one in self.documents if one.counts or one.id in lent)

    @property
    def files(self) -> tuple[Document, ...]:
        """What was given as files, refused ones included."""
        return tuple(one for one in self.documents if one.form != STATEMENT)

    @property
    def statement(self) -> Document | None:
        """The sworn statement, when one stands for the piece."""
        return next((one for one in self.given if one.form == STATEMENT), None)

    @property
    def is_checking(self) -> bool:
        """Whether a file is being looked at right now."""
        return any(one.status == PENDING for one in self.documents)

    @property
    def is_missing(self) -> bool:
        """Whether the dossier lacks it: mandatory, and nothing stands for it."""
        return self.is_mandatory and not self.given

    @property
    def must_be_replaced(self) -> bool:
        """Whether an agent asked for another document and none was given since."""
        return self.is_awaited or (self.mark is not None and self.mark.mark == REPLACE)

    @property
    def is_awaited(self) -> bool:
        """Whether the open request asks for it and nothing was given since."""
        if self.asked_at is None:
            return False
        return not any(one.given_at > self.asked_at for one in self.given)

    @property
    def verdict(self) -> str:
        """The piece's state in one word, a code of the macro `verdict_badge`."""
        if self.is_checking:
            return "checking"
        if not self.given:
            return "refused" if self.documents else self._nothing_given
        if self.must_be_replaced:
            return "to_replace"
        if self.mark is not None:
            return "conform"
        return "given" if self.lent else self._seen

    @property
    def _nothing_given(self) -> str:
        return "missing" if self.is_mandatory or self.is_awaited else "optional"

    @property
    def _seen(self) -> str:
        if any(one.status == DOUBTFUL for one in self.given):
            return "doubtful"
        return "sworn" if self.statement and len(self.given) == 1 else "good"

    @property
    def family_verdict(self) -> str:
        """The state as the family may see it: what an agent thinks is told by a letter only."""
        return replace(self, mark=None).verdict

    @property
    def request_words(self) -> str:
        """What the town asks about this piece, reason first; empty when it asks nothing."""
        if self.asked is None:
            return ""
        parts = (COMPLEMENTS.get(self.asked.get("reason", ""), ""), self.asked.get("words", ""))
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Check:
    """One thing the inspection found in one file: its grade and its sentence."""

    level: Grade
    text: str


def checks_of(document: Document) -> Sequence[Check]:
    """What the inspection found, in French; nothing while it has not looked yet."""
    remarks = [Remark(one["code"], one.get("values", {})) for one in document.remarks]
    return [Check(GRADES[remark.code], sentence(remark)) for remark in remarks]


def lent_words(one: Lent) -> str:
    """When it was given, with which dossier, and until when it holds, as a sentence."""
    given = f"Déjà donné le {french.short_day(one.given_at)}, dossier {one.number}"
    if one.is_ended:
        return f"{given} : n’est plus valable."
    if one.valid_until is None:
        return f"{given}."
    return f"{given}, valable jusqu’au {french.short_day(one.valid_until)}."


def thumbnail_of(document: Document) -> str:
    """The name of the small image of its first page; empty when none was drawn."""
    return THUMBNAIL if THUMBNAIL in document.page_images else ""


def is_refused(document: Document) -> bool:
    """Whether the inspection refused the file: its row says why, its bytes are gone."""
    return document.status == REFUSED


async def pieces_of(
    store: Store, dossier: Dossier, answers: Answers, at: datetime | None
) -> Sequence[Piece]:
    """The pieces alone; see `pieces_and_request`."""
    return (await pieces_and_request(store, dossier, answers, at))[0]


async def pieces_and_request(
    store: Store, dossier: Dossier, answers: Answers, at: datetime | None
) -> tuple[Sequence[Piece], Request | None]:
    """The pieces to show for these answers: mandatory first, then optional.

    To the family with what its wallet lends at this moment, to the town (None) with what the
    dossier was sent with.

    What an agent asked for is shown even when the answers alone would not ask it. Documents of
    pieces that are no longer asked are left out. With them, the request that the family has to
    answer, if there is one.
    """
    documents = await store.documents.of(dossier.id)
    marks = await store.documents.marks_of(dossier.id)
    is_asked = dossier.state is State.AWAITING_FAMILY
    request = await store.requests.current(dossier.id) if is_asked else None
    lent = await lent_to(store, dossier, answers, at)
    return arrange(RULES[dossier.kind], answers, documents, marks, request, lent), request


async def piece_of(store: Store, dossier: Dossier, code: str, at: datetime) -> Piece:
    """The piece of that code, if this dossier is asked for it; NotFound otherwise."""
    answers = await store.dossiers.answers(dossier.id)
    for piece in await pieces_of(store, dossier, answers, at):
        if piece.code == code:
            return piece
    raise NotFound


async def names_of(store: Store, dossier: Dossier, codes: Sequence[str]) -> Sequence[str]:
    """The names of these pieces of a dossier; that of one child says whose it is."""
    rules = RULES[dossier.kind]
    is_of_child = any(one.piece.place for one in rules.pieces if one.piece.code in codes)
    titles = rules.titles(await store.dossiers.answers(dossier.id) if is_of_child else {})
    return [titles.get(code, code) for code in codes]


def worth_showing(dossier: Dossier, pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces to show to the family: once closed, nothing is asked any more."""
    return [one for one in pieces if one.documents or not dossier.state.is_closed]


def arrange(
    rules: Rules,
    answers: Answers,
    documents: Sequence[Document],
    marks: Mapping[str, Mark],
    request: Request | None,
    lent: Mapping[str, Sequence[Held]],
) -> Sequence[Piece]:
    """Put together what was asked, given and said, piece by piece."""
    asked = {item["piece"]: item for item in request.items} if request else {}
    needs = {rule.piece.code: rule for rule in rules.needs(answers)}
    for rule in rules.pieces:
        if rule.piece.code in asked and rule.requirement is not Requirement.FORBIDDEN:
            needs.setdefault(rule.piece.code, rule)
    return [
        _with_lent(
            Piece(
                rule,
                tuple(one for one in documents if one.piece == code and one.removed_at is None),
                marks.get(code),
                asked.get(code),
                request.asked_at if request and code in asked else None,
            ),
            lent.get(code, ()),
        )
        for code, rule in needs.items()
    ]


def _with_lent(piece: Piece, held: Sequence[Held]) -> Piece:
    """The piece with what the wallet lends, unless the dossier has a document of its own for it."""
    if not held or piece.given:
        return piece
    # Under the name that this dossier gives to the piece: its rules say who may open it.
    documents = (replace(one.document, piece=piece.code) for one in held)
    lent = (
        Lent(
            one.document.id,
            one.document.given_at,
            one.number,
            one.kept.valid_until,
            is_ended=not one.kept.is_whole,
        )
        for one in held
    )
    return replace(piece, documents=(*piece.documents, *documents), lent=tuple(lent))
