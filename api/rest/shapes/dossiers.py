"""Dossiers, their pieces, acts and timeline, as programs read them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.rest.shapes.documents import Document
from api.rest.shapes.questions import PieceAsked
from domain.states import Action, Actor, State


class Mark(BaseModel):
    """Ce qu’un agent a dit d’une pièce. Les familles ne le voient pas ici."""

    mark: str
    reason: str
    words: str


class Piece(PieceAsked):
    """Une pièce de ce dossier."""

    verdict: str
    is_missing: bool
    is_awaited: bool = Field(description="Si la mairie l’attend encore.")
    request_words: str
    documents: list[str] = Field(description="Les identifiants des documents.")
    mark: Mark | None
    reserved: bool = Field(
        False,
        description="Si la pièce est réservée à d’autres : ses documents ne s’ouvrent pas, leurs "
        "remarques ne se lisent pas.",
    )


class RequestedPiece(BaseModel):
    """Une pièce d’une demande de complément."""

    piece: str
    reason: str
    words: str


class Request(BaseModel):
    """La demande de complément à laquelle la famille doit répondre."""

    asked_at: datetime
    until: datetime
    words: str
    items: list[RequestedPiece]


class Decision(BaseModel):
    """La décision."""

    decided_at: datetime
    basis: str = Field(
        description="`decision` par une personne, `rule` par la règle de la démarche, `silence` "
        "par la fin du délai."
    )
    decided_by: str
    reason: str
    reason_words: str


class WaitingAct(BaseModel):
    """Un acte gardé et pas encore appliqué."""

    id: str
    action: Action
    given_at: datetime


class Child(BaseModel):
    """L’enfant du dossier, tel qu’il est écrit dans les réponses."""

    first_name: str
    name: str


class Summary(BaseModel):
    """Un dossier dans une liste."""

    id: str
    number: str
    kind: str
    department: str
    state: State
    state_since: datetime
    waits_for: Actor | None = Field(description="Qui doit agir ; null quand le dossier est clos.")
    due_at: datetime | None = Field(description="Le moment limite de celui qui doit agir.")
    version: int
    child: Child
    opened_at: datetime
    last_saved_at: datetime
    submitted_at: datetime | None
    answered_at: datetime | None
    decided_at: datetime | None


class Dossier(Summary):
    """Un dossier : où il en est, qui doit agir, avant quand, et ce qui se passe ensuite."""

    procedure: str
    what_happens_then: str
    may_do: list[Action] = Field(description="Ce que le compte du jeton peut faire maintenant.")
    missing: list[str] = Field(description="Les pièces obligatoires qui manquent.")
    unfinished_pages: list[str] = Field(
        description="D’un brouillon : les pages de questions à remplir avant l’envoi."
    )
    pieces: list[Piece]
    documents: list[Document]
    request: Request | None
    decision: Decision | None
    waiting_acts: list[WaitingAct]


class DossierList(BaseModel):
    """Une page d’une liste. `next` est l’adresse de la suite ; null à la fin."""

    items: list[Summary]
    next: str | None


class Act(BaseModel):
    """Ce qu’est devenu un acte. `waiting` : gardé, il sera appliqué ; relisez-le plus tard."""

    id: str
    dossier_id: str
    action: Action
    outcome: Literal["applied", "waiting", "refused"]
    code: str = Field(description="Pourquoi il n’a pas été appliqué ; vide sinon.")
    state: State = Field(description="L’état du dossier maintenant.")


class Event(BaseModel):
    """Une ligne de l’historique."""

    at: datetime
    text: str
    who: str = Field(description="Vide quand c’est le portail lui-même.")
    detail: str
    letters: list[str]


class Events(BaseModel):
    """L’historique, le plus ancien d’abord."""

    items: list[Event]
