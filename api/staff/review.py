"""Where the review of a dossier stands: what was thought of each piece, and what comes next."""

from collections.abc import Sequence

from api.pieces import REPLACE, Piece
from domain.states import State
from storage.documents import DOUBTFUL

GOOD_MARK = "good"


def worth_a_look(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of the desk: without the optional ones for which nothing was given."""
    return [one for one in pieces if one.is_mandatory or one.documents or one.mark or one.asked]


def verdict_of(piece: Piece) -> str:
    """What an agent reads of a piece: a code of the macro `verdict_badge`."""
    if piece.mark is not None:
        return "to_replace" if piece.mark.mark == REPLACE else "conform"
    if piece.is_reserved and piece.given:
        return "reserved"
    if piece.is_checking:
        return "checking"
    if not piece.given:
        return "refused" if piece.documents else "missing" if piece.is_mandatory else "optional"
    return _unmarked(piece)


def _unmarked(piece: Piece) -> str:
    if any(one.status == DOUBTFUL for one in piece.given):
        return "doubtful"
    if piece.lent:
        return "given"
    return "sworn" if piece.statement and len(piece.given) == 1 else "not_seen"


def unseen(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """What was given and nobody has said anything of yet, without what others must look at."""
    return [one for one in pieces if one.mark is None and one.given and not one.is_reserved]


def chosen(pieces: Sequence[Piece], code: str) -> Piece | None:
    """The piece to show: the one asked for, else the first not looked at, else the first."""
    asked = next((one for one in pieces if one.code == code), None)
    return asked or next(iter(unseen(pieces)), None) or next(iter(pieces), None)


def next_unseen(pieces: Sequence[Piece], code: str) -> str:
    """The piece to look at after `code`: the next one nobody spoke of, else `code` itself."""
    codes = [one.code for one in pieces]
    here = codes.index(code) if code in codes else 0
    waiting = [one.code for one in unseen([*pieces[here:], *pieces[:here]]) if one.code != code]
    return waiting[0] if waiting else code


MARKABLE = frozenset({State.UNDER_REVIEW})
"""Where an opinion on a piece can be given: once decided, or asked of the family, it stands."""
