"""`ribambelle retention`: what is overdue today, and erasing it by hand."""

import asyncio
from datetime import date
from typing import Annotated

import typer

from activities.letter_writer import LetterWriter
from activities.retention import RetentionActivities, live_through
from activities.retention_letters import RetentionLetters
from api.gateway import Gateway
from domain.deadlines import paris_day
from domain.french import plural
from domain.nights import Stage
from domain.retention import PERIODS, PRESUMED
from settings import Settings
from storage.clock import now
from storage.keepers import files_at
from storage.store import OpenStore, connect, store_opener
from worker import sender


def retention(
    *,
    preview: Annotated[
        bool, typer.Option("--preview", help="Dit ce qui serait effacé ; ne change rien.")
    ] = False,
    erase_now: Annotated[
        bool, typer.Option("--now", help="Fait maintenant le travail de la nuit.")
    ] = False,
) -> None:
    """Montre ou efface ce dont la durée est passée. Deux fois le même jour : rien de plus."""
    if preview == erase_now:
        raise typer.BadParameter("Dites quoi faire : --preview ou --now.")
    today = paris_day(now())
    if preview:
        for line in (*asyncio.run(_preview(Settings(), today)), PRESUMED):
            print(line)
        return
    stage = asyncio.run(_erase(Settings(), today))
    if stage.failed:
        print(f"{plural(stage.failed, 'effacement a échoué', 'effacements ont échoué')}.")
        raise typer.Exit(1)
    print("C’est fait : le journal le dit.")


async def _preview(settings: Settings, today: date) -> list[str]:
    engine = connect(settings.sql_url)
    try:
        async with store_opener(engine, settings.sealing_keys, reading=True)() as store:
            amounts = await store.retention.amounts(today)
    finally:
        await engine.dispose()
    return [
        f"{one.what} : {amounts[one.code].today} aujourd’hui, {amounts[one.code].soon} sous "
        f"30 jours, {plural(amounts[one.code].held, 'retenu')}."
        for one in PERIODS
    ]


async def _erase(settings: Settings, today: date) -> Stage:
    engine = connect(settings.sql_url)
    try:
        writing = store_opener(engine, settings.sealing_keys)
        return await live_through(await _activities(settings, writing), today)
    finally:
        await engine.dispose()


async def _activities(settings: Settings, writing: OpenStore) -> RetentionActivities:
    gateway = await Gateway.connect(settings.engine_address, settings.temporal_namespace, writing)
    return RetentionActivities(
        writing,
        files_at(settings.files_folder, settings.bucket),
        RetentionLetters(LetterWriter(sender(settings))),
        post=gateway.send_letter,
        forget=gateway.nights.forget,
    )
