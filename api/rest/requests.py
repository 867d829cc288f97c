"""What programs may send, and nothing more."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field

from api.rest.bodies import JsonBody, Sent, Text
from api.reviewing import DEADLINES, MOST_REFUSAL_WORDS, MOST_WORDS, PIECE_WORDS
from domain.reasons import COMPLEMENTS, REFUSALS

_Code = Annotated[str, Field(max_length=60)]


class Opening(Sent):
    """La démarche à commencer."""

    procedure: _Code = Field(examples=["inscription-scolaire"])
    child: Annotated[str, Field(max_length=32)] = Field(
        "", description="Pour changer ce que la mairie sait d’un enfant : son identifiant."
    )
    contact: Annotated[str, Field(max_length=32)] = Field(
        "", description="Pour changer une personne autorisée : son identifiant."
    )


class Confirming(Sent):
    """Les pages préremplies qui sont exactes ; aucune : toutes."""

    pages: Annotated[list[_Code], Field(max_length=60)] = Field(
        default_factory=list, examples=[["vous", "foyer"]]
    )


class AnswerChanges(Sent):
    """Les réponses à changer, par page ; ce qui n’est pas nommé reste."""

    answers: dict[_Code, dict[_Code, Text]] = Field(
        max_length=20,
        examples=[{"enfant": {"first_name": "Léna", "birth_date": "2023-03-12"}}],
    )


class Statement(Sent):
    """Une déclaration sur l’honneur à la place d’un document."""

    piece: _Code = Field(examples=["proof_of_address"])
    declared: Literal[True] = Field(description="Que la famille a lu le texte et le déclare.")


class AskedPiece(Sent):
    """Une pièce à demander, avec le motif."""

    piece: _Code = Field(examples=["proof_of_address"])
    reason: _Code = Field(description=f"L’un de : {', '.join(COMPLEMENTS)}.", examples=["missing"])
    words: Annotated[Text, Field(max_length=PIECE_WORDS)] = ""


class Asking(Sent):
    """Une demande de complément : toutes les pièces en une fois, et un message."""

    items: Annotated[list[AskedPiece], Field(max_length=20)] = Field(default_factory=list)
    words: Annotated[Text, Field(max_length=MOST_WORDS)] = ""
    days: int | None = Field(
        default=None,
        description=f"Le délai, en jours : {', '.join(map(str, DEADLINES))}. "
        "Sans lui, le délai habituel de la démarche.",
    )


class Refusal(Sent):
    """Un refus, motivé en droit et en fait."""

    reason: _Code = Field(description=f"L’un de : {', '.join(REFUSALS)}.", examples=["capacity"])
    words: Annotated[Text, Field(max_length=MOST_REFUSAL_WORDS)] = Field(
        description="L’explication donnée à la famille, avec les faits de son dossier."
    )


OpeningBody = Annotated[Opening, Depends(JsonBody(Opening))]
ConfirmingBody = Annotated[Confirming, Depends(JsonBody(Confirming))]
ChangesBody = Annotated[AnswerChanges, Depends(JsonBody(AnswerChanges))]
StatementBody = Annotated[Statement, Depends(JsonBody(Statement))]
AskingBody = Annotated[Asking, Depends(JsonBody(Asking))]
RefusalBody = Annotated[Refusal, Depends(JsonBody(Refusal))]
