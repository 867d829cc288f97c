"""What is reserved, for somebody who may not read it: that it is there, and who can look.

It is taken away before a page or an answer is made: no template can show what it was not given.
`groups` are always those that the reader has on this dossier (`api.access.rules.groups_read`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fastapi import Request

from api.access.sessions import guest_of
from api.answers_view import Groups
from api.audit import write_down
from api.house import house_of, now
from api.pieces import Piece
from domain.audit import What
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Rules
from domain.questions import Answers
from domain.rights import GROUP_WORDS, FieldGroup
from storage.documents import GOOD, Document
from storage.dossiers import Dossier
from storage.letters import Letter
from storage.store import Store

LETTER: Final = (
    "Réservé. Ce courrier parle d’une pièce réservée : un collègue qui a cet accès peut le lire."
)
_LETTERS_WITH_WORDS: Final = frozenset({"complement_request", "complement_reminder"})


def is_closed(group: FieldGroup | None, groups: Groups) -> bool:
    """Whether what is of this group (None: of none) is closed to a reader of these groups."""
    return group is not None and group not in groups


def closed_groups(rules: Rules, groups: Groups) -> Sequence[FieldGroup]:
    """The groups of this kind of dossier that are closed to the reader, in a stable order."""
    return sorted({one for one in rules.reserved_groups if is_closed(one, groups)})


def pieces_for(pieces: Sequence[Piece], groups: Groups) -> Sequence[Piece]:
    """The pieces as this reader may know them.

    A reserved one keeps its place and how many documents it has; a rule whose sentence would tell a
    reserved answer loses the sentence, or its place where nothing was given.
    """
    shown = [_piece_for(piece, groups) for piece in pieces]
    return [piece for piece in shown if piece is not None]


def _piece_for(piece: Piece, groups: Groups) -> Piece | None:
    if is_closed(piece.rule.tells, groups):
        if not piece.documents and piece.mark is None and piece.asked is None:
            return None
        piece = replace(piece, rule=replace(piece.rule, why="", basis=""))
    if not is_closed(piece.rule.piece.group, groups):
        return piece
    return replace(
        piece,
        documents=tuple(document_without_words(one) for one in piece.given),
        mark=replace(piece.mark, reason_code="", words="") if piece.mark else None,
        asked={**piece.asked, "reason": "", "words": ""} if piece.asked else None,
        is_reserved=True,
    )


def document_without_words(document: Document) -> Document:
    """A document of which only the place and the moment are said."""
    return Document(
        id=document.id,
        dossier_id=document.dossier_id,
        piece=document.piece,
        form=document.form,
        status=GOOD,
        original_name="",
        media_type="",
        size_bytes=0,
        sha256="",
        given_at=document.given_at,
        given_by=document.given_by,
        scan=document.scan,
    )


def items_for(
    dossier: Dossier, items: Sequence[Mapping[str, Any]], groups: Groups
) -> Sequence[Mapping[str, Any]]:
    """What was asked of the family, without the words about pieces that are closed."""
    return [
        {**item, "reason": "", "words": ""} if _is_of_closed(dossier, item, groups) else item
        for item in items
    ]


def _is_of_closed(dossier: Dossier, item: Mapping[str, Any], groups: Groups) -> bool:
    return is_closed(RULES[dossier.kind].group_of_piece(str(item.get("piece", ""))), groups)


async def is_letter_closed(store: Store, dossier: Dossier, letter: Letter, groups: Groups) -> bool:
    """Whether the letter repeats what was said of a reserved piece."""
    if letter.kind not in _LETTERS_WITH_WORDS or not closed_groups(RULES[dossier.kind], groups):
        return False
    asked = await store.requests.of(dossier.id)
    return any(_is_of_closed(dossier, item, groups) for one in asked for item in one.items)


def open_document(dossier: Dossier, document: Document, groups: Groups) -> Document:
    """The document, if this reader may open it; NotFound otherwise, as if there were none."""
    if is_closed(RULES[dossier.kind].group_of_piece(document.piece), groups):
        raise NotFound
    return document


async def who_can_read(store: Store, dossier: Dossier, groups: Sequence[FieldGroup]) -> str:
    """Who to ask for what is closed, as a sentence."""
    names = await store.duties.readers(dossier.department, frozenset(groups))
    about = " et ".join(GROUP_WORDS[one] for one in groups)
    if not names:
        return f"Accès réservé ({about}). Demandez à l’administration du portail."
    listed = f"{', '.join(names[:-1])} ou {names[-1]}" if len(names) > 1 else names[0]
    return f"Accès réservé ({about}). Demandez à {listed}."


async def note_reading(
    request: Request, dossier: Dossier, answers: Answers, groups: Groups
) -> None:
    """Leave a line when somebody else than the family reads reserved answers.

    One a minute for the same person and dossier: whoever turns the pages of a desk reads once.
    """
    rules = RULES[dossier.kind]
    read = sorted(
        {
            one.group
            for section in rules.sections
            for one in section.fields
            if one.group in groups and one.name in answers.get(section.code, {})
        }
    )
    account = guest_of(request).account
    if not read or account is None or account.id == dossier.account_id:
        return
    who = f"reserved {account.id} {dossier.id}"
    if house_of(request).pace.wait(who, 1, now(request)) == 0:
        await write_down(
            request, What.RESERVED_READ, dossier_id=dossier.id, groups=",".join(map(str, read))
        )
