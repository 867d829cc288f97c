"""`ribambelle procedures`: what a town needs before its families can use the portal."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from domain.audit import What
from domain.deadlines import paris_day
from settings import Settings
from storage.audit import Line
from storage.clock import now
from storage.store import connect, store_opener
from storage.town import Procedure
from storage.usual_procedures import usual_for


def procedures(
    department: Annotated[str, typer.Option(help="Le code du service qui s’en charge.")],
) -> None:
    """Crée les démarches habituelles qui manquent. Deux fois : rien de plus."""
    made = asyncio.run(_make(Settings(), department))
    if made is None:
        print(f"Aucun service n’a le code « {department} ». Rien n’a été changé.")
        raise typer.Exit(1)
    for one in made:
        print(f"{one.title} : créée, {'ouverte' if one.is_open else 'fermée'}.")
    if not made:
        print("Aucune démarche habituelle ne manque : rien n’a été changé.")


async def _make(settings: Settings, code: str) -> Sequence[Procedure] | None:
    """Those that were made; None when there is no such department."""
    engine, at = connect(settings.sql_url), now()
    try:
        async with store_opener(engine, settings.sealing_keys)() as store:
            if code not in {one.code for one in await store.town.departments()}:
                return None
            made = await store.town.add_procedures(usual_for(code, paris_day(at)))
            if made:
                detail = {"procedures": str(len(made))}
                line = Line(at, What.PROCEDURES_MADE, place="ribambelle", detail=detail)
                await store.audit.add(line)
            return made
    finally:
        await engine.dispose()
