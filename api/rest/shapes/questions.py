"""Questions and answers, as programs read them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


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
    reserved: bool = Field(
        False,
        description="Si la réponse est réservée à d’autres : alors `value` est vide, quelle "
        "qu’elle soit. La permission `reserved:read` l’ouvre.",
    )


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


class Confirmation(BaseModel):
    """Une page préremplie que la famille a confirmée, ou changée."""

    page: str
    at: datetime


class Confirmations(BaseModel):
    """Où en sont les pages préremplies : l’envoi attend que `unconfirmed` soit vide."""

    confirmed: list[Confirmation]
    unconfirmed: list[str]


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
