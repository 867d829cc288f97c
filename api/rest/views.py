"""From what storage knows to what programs receive."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from api.access.rules import groups_read
from api.answers import WRITABLE
from api.answers_view import Groups
from api.pieces import Piece, checks_of, pieces_and_request
from api.reserved import document_without_words, is_closed, items_for, pieces_for
from api.rest import shapes
from api.rest.bearer import Bearer
from api.standing import what_then
from domain.deadlines import paris_day
from domain.kinds.catalogue import RULES
from domain.kinds.rules import PieceRule
from domain.life import waits_for
from domain.questions import Answers, Field, Lists, Section, Values, choices_of, read, unfinished
from domain.states import TRANSITIONS, Action, Actor, State, after, may
from storage.documents import Document
from storage.dossiers import Dossier
from storage.requests import Request
from storage.store import Store

ACTORS = {"parent": Actor.PARENT, "agent": Actor.AGENT, "system": Actor.AGENT}
"""In which quality the owner of a token acts."""
_ON_PAGES_ONLY = frozenset(
    {Action.OBJECT, Action.LIFT_OBJECTION, Action.COSIGN, Action.WAIVE_COSIGNATURE}
)
"""What two guardians settle in person, and no program for them."""


def summary(dossier: Dossier) -> shapes.Summary:
    """A dossier for a list."""
    return shapes.Summary(**_summary(dossier))


def _summary(dossier: Dossier) -> Mapping[str, object]:
    names = set(shapes.Summary.model_fields) - {"waits_for", "child"}
    return {
        **{name: getattr(dossier, name) for name in names},
        "waits_for": waits_for(dossier.state),
        "child": {"first_name": dossier.child_first_name, "name": dossier.child_name},
    }


async def whole_dossier(
    store: Store, dossier: Dossier, bearer: Bearer, at: datetime
) -> shapes.Dossier:
    """Everything of a dossier but its answers: nine questions to storage at most."""
    answers = await store.dossiers.answers(dossier.id)
    groups = groups_read(bearer.account, dossier)
    is_staff = ACTORS[bearer.account.role] is Actor.AGENT
    moment = None if is_staff else at
    whole, request = await pieces_and_request(store, dossier, answers, moment)
    pieces = pieces_for(whole, groups)
    left: Sequence[str] = ()
    if dossier.state is State.DRAFT:
        lists, today = await store.town.lists(), paris_day(at)
        sections = RULES[dossier.kind].sections_for(answers)
        left = unfinished(sections, answers, lists, today=today)
    procedure = await store.town.procedure(id=dossier.procedure_id)
    waiting = await store.acts.waiting_in(dossier.id, given_before=at)
    return shapes.Dossier(
        **_summary(dossier),
        procedure=procedure.slug,
        what_happens_then=what_then(dossier),
        may_do=_may_do(dossier, ACTORS[bearer.account.role]),
        missing=[one.code for one in pieces if one.is_missing],
        unfinished_pages=list(left),
        pieces=[_piece(one, is_staff=is_staff) for one in pieces],
        documents=[
            document_shape(one, is_reserved=piece.is_reserved)
            for piece in pieces
            for one in piece.documents
        ],
        request=_request(dossier, request, groups) if request else None,
        decision=await _decision(store, dossier),
        waiting_acts=[
            shapes.WaitingAct(id=one.id, action=Action(one.action), given_at=one.given_at)
            for one in waiting
        ],
    )


def _may_do(dossier: Dossier, actor: Actor) -> list[Action]:
    return [
        line.action
        for line in TRANSITIONS
        if line.action not in _ON_PAGES_ONLY
        and may(actor, line.action)
        and after(dossier.state, line.action) is not None
    ]


def piece_asked(rule: PieceRule) -> Mapping[str, object]:
    """What is said of a piece before anything is given for it."""
    return {
        "code": rule.piece.code,
        "title": rule.piece.title,
        "examples": rule.piece.examples,
        "requirement": rule.requirement.value,
        "why": rule.why,
        "basis": rule.basis,
        "may_be_declared": bool(rule.piece.sworn_statement),
    }


def _piece(piece: Piece, *, is_staff: bool) -> shapes.Piece:
    mark = piece.mark if is_staff else None
    return shapes.Piece(
        **piece_asked(piece.rule),
        verdict=piece.verdict if is_staff else piece.family_verdict,
        is_missing=piece.is_missing,
        reserved=piece.is_reserved,
        is_awaited=piece.is_awaited,
        request_words=piece.request_words,
        documents=[one.id for one in piece.documents],
        mark=shapes.Mark(mark=mark.mark, reason=mark.reason_code, words=mark.words)
        if mark
        else None,
    )


def documents_for(
    dossier: Dossier, documents: Sequence[Document], groups: Groups
) -> Sequence[shapes.Document]:
    """Documents as a reader of these groups may know them."""
    rules = RULES[dossier.kind]
    closed = [is_closed(rules.group_of_piece(one.piece), groups) for one in documents]
    return [
        document_shape(document_without_words(one) if is_reserved else one, is_reserved=is_reserved)
        for one, is_reserved in zip(documents, closed, strict=True)
        if one.counts or not is_reserved
    ]


def document_shape(document: Document, *, is_reserved: bool = False) -> shapes.Document:
    """A document, with what its inspection found."""
    return shapes.Document(
        reserved=is_reserved,
        id=document.id,
        piece=document.piece,
        form=document.form,
        status=document.status,
        scan=document.scan,
        name=document.original_name,
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        pages=document.pages,
        given_at=document.given_at,
        statement=document.statement,
        checks=[shapes.Check(**asdict(one)) for one in checks_of(document)],
    )


def _request(dossier: Dossier, request: Request, groups: Groups) -> shapes.Request:
    return shapes.Request(
        asked_at=request.asked_at,
        until=request.until,
        words=request.words,
        items=[
            shapes.RequestedPiece(
                piece=item["piece"], reason=item.get("reason", ""), words=item.get("words", "")
            )
            for item in items_for(dossier, request.items, groups)
        ],
    )


async def _decision(store: Store, dossier: Dossier) -> shapes.Decision | None:
    if dossier.decided_at is None:
        return None
    decider = await store.accounts.by_id(dossier.decided_by) if dossier.decided_by else None
    return shapes.Decision(
        decided_at=dossier.decided_at,
        basis=dossier.decision_basis,
        decided_by=decider.name if decider else "",
        reason=dossier.reason_code,
        reason_words=dossier.reason_words,
    )


def question_page(section: Section, lists: Lists) -> shapes.QuestionPage:
    """One page of questions."""
    return shapes.QuestionPage(
        code=section.code,
        title=section.title,
        questions=[shapes.Question(**_question(one, lists)) for one in section.fields],
    )


def _question(one: Field, lists: Lists) -> Mapping[str, object]:
    return {
        "name": one.name,
        "label": one.label,
        "kind": one.kind,
        "required": one.required,
        "only_if": list(one.only_if) if one.only_if else None,
        "choices": [asdict(choice) for choice in choices_of(one, lists)],
        "max_length": one.max_length,
    }


async def all_answers(
    store: Store, dossier: Dossier, answers: Answers, groups: Groups, at: datetime
) -> shapes.Answers:
    """The answers of a dossier, page by page, wrong ones and missing ones told.

    Those of a reserved group that is not among `groups` are left out, and said to be reserved.
    """
    lists, today = await store.town.lists(), paris_day(at)
    return shapes.Answers(
        version=dossier.version,
        may_change=dossier.state in WRITABLE,
        pages=[
            _answer_page(section, answers.get(section.code), lists, today, groups)
            for section in RULES[dossier.kind].sections_for(answers)
        ],
    )


def _answer_page(
    section: Section, kept: Values | None, lists: Lists, today: date, groups: Groups
) -> shapes.AnswerPage:
    values, problems = read(section, kept or {}, lists, today=today)
    return shapes.AnswerPage(
        code=section.code,
        title=section.title,
        is_filled=kept is not None and not problems,
        answers=[
            shapes.Answer(
                **_question(one, lists),
                value="" if is_closed(one.group, groups) else values[one.name],
                problem="" if is_closed(one.group, groups) else problems.get(one.name, ""),
                reserved=is_closed(one.group, groups),
            )
            for one in section.fields
        ],
    )
