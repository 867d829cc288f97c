"""Errors, as programs read them (RFC 9457)."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from domain.states import State


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
