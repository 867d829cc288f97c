"""Letters, as programs read them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class LetterSummary(BaseModel):
    """Un courrier. `accepted` : remis au serveur de mail ; personne ne sait s’il a été lu."""

    id: str
    kind: str
    subject: str
    status: Literal["to_send", "accepted", "retrying", "refused", "to_print", "printed"]
    created_at: datetime
    accepted_at: datetime | None


class Letter(LetterSummary):
    """Un courrier, avec son texte."""

    to: str
    text: str
    reserved: bool = Field(
        False, description="Si le courrier parle d’une pièce réservée à d’autres : `text` est vide."
    )


class Letters(BaseModel):
    """Les courriers d’un dossier, le plus récent d’abord."""

    items: list[LetterSummary]
