"""What programs receive: the shapes of the answers, with a word on each member.

Moments are ISO 8601 in UTC. Codes are English and stable; sentences are French, for people.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from domain.states import Action, Actor, State


class Choice(BaseModel):
    """Une réponse possible : `value` est ce qu’il faut envoyer."""

    value: str
    label: str


class Question(BaseModel):
    """Une question. Les réponses sont des textes : `yes` ou vide pour une case à cocher."""

    name: str
    label: str
    kind: str = Field(description="text, tel, email, date (AAAA-MM-JJ), choice, select, checkbox…")
    required: bool
    only_if: list[str] | None = Field(
        description="La question ne compte que si cette autre a cette valeur : [nom, valeur]."
    )
    choices: list[Choice]
    max_length: int


class Answer(Question):
    """Une question et sa réponse."""

    value: str
    problem: str = Field(description="Pourquoi la réponse ne convient pas ; vide sinon.")


class QuestionPage(BaseModel):
    """Une page de questions."""

    code: str
    title: str
    questions: list[Question]


class AnswerPage(BaseModel):
    """Une page de questions avec ses réponses."""

    code: str
    title: str
    is_filled: bool
    answers: list[Answer]


class Answers(BaseModel):
    """Toutes les réponses d’un dossier."""

    version: int
    may_change: bool = Field(description="Si les réponses peuvent changer maintenant.")
    pages: list[AnswerPage]


class PieceAsked(BaseModel):
    """Une pièce que la démarche peut demander."""

    code: str
    title: str
    examples: str
    requirement: Literal["mandatory", "optional"]
    why: str
    basis: str = Field(description="Le texte qui la prévoit.")
    may_be_declared: bool = Field(description="Si une déclaration sur l’honneur suffit.")


class Department(BaseModel):
    """Un service de la mairie."""

    code: str
    name: str
    phone: str
    email: str


class Procedure(BaseModel):
    """Une démarche ouverte aux familles."""

    slug: str
    kind: str
    title: str
    school_year: str
    department: str
    intro: str


class ProcedureDetail(Procedure):
    """Une démarche, avec tout ce qu’elle demande."""

    service: Department
    pages: list[QuestionPage]
    pieces: list[PieceAsked]
    document_limits: str = Field(description="Les fichiers acceptés, en une phrase.")


class Procedures(BaseModel):
    """Les démarches ouvertes."""

    items: list[Procedure]


class Check(BaseModel):
    """Une remarque du contrôle automatique : une aide, jamais une décision."""

    level: str
    text: str


class Document(BaseModel):
    """Un fichier, ou une déclaration sur l’honneur, donné pour une pièce."""

    id: str
    piece: str
    form: Literal["file", "statement"]
    status: Literal["pending", "good", "doubtful", "refused"]
    scan: Literal["clean", "infected", "pending", "unscanned"] = Field(
        description="Ce que dit l’antivirus ; `unscanned` : la mairie n’en a pas."
    )
    name: str
    media_type: str
    size_bytes: int
    pages: int
    given_at: datetime
    statement: str
    checks: list[Check]


class Documents(BaseModel):
    """Les documents d’un dossier, dans l’ordre où ils ont été donnés."""

    items: list[Document]


class ReceivedFile(BaseModel):
    """Ce qu’est devenu un fichier de l’envoi."""

    name: str
    outcome: Literal["kept", "known", "refused"]
    problem: str = Field(description="Pourquoi il est refusé, en une phrase ; vide sinon.")


class Reception(BaseModel):
    """Ce qu’est devenu un envoi, et les documents de la pièce ensuite."""

    files: list[ReceivedFile]
    documents: list[Document]


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
    basis: str = Field(description="`decision` par une personne, `silence` par la fin du délai.")
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


class LetterSummary(BaseModel):
    """Un courrier. `accepted` : remis au serveur de mail ; personne ne sait s’il a été lu."""

    id: str
    kind: str
    subject: str
    status: Literal["to_send", "accepted", "retrying", "refused"]
    created_at: datetime
    accepted_at: datetime | None


class Letter(LetterSummary):
    """Un courrier, avec son texte."""

    to: str
    text: str


class Letters(BaseModel):
    """Les courriers d’un dossier, le plus récent d’abord."""

    items: list[LetterSummary]


class FieldProblem(BaseModel):
    """Ce qui ne convient pas dans un champ."""

    field: str
    message: str


class Problem(BaseModel):
    """Une erreur (RFC 9457). `type` est stable ; `instance` retrouve l’incident à la mairie."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] | None = None
    dossier_id: str | None = None
    number: str | None = None
    state: State | None = None
    decided_by: str | None = Field(default=None, description="Qui a décidé le premier.")
    decided_at: datetime | None = None
    since: datetime | None = None
    version: int | None = Field(default=None, description="La version du dossier maintenant.")
    version_seen: int | None = Field(default=None, description="Celle de votre If-Match.")
    current: dict[str, Any] | None = Field(default=None, description="Les réponses gardées.")
    sent: dict[str, Any] | None = Field(default=None, description="Les réponses envoyées.")
