"""Documents and what became of a sending, as programs read them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


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
    reserved: bool = Field(
        False,
        description="Si le document est réservé à d’autres : alors rien d’autre n’en est dit.",
    )


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
