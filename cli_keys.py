"""`ribambelle new-key`, `rotate-keys`, `check --keys`: the keys under which things are sealed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import typer

from activities.rotation import rotate_keys
from domain.french import plural
from settings import Settings
from storage.sealed import new_key
from storage.store import OpenStore, connect, store_opener

T = TypeVar("T")


def show_new_key() -> None:
    """Écrit une nouvelle clé, pour le réglage RIBAMBELLE_KEYS. Rien n’est changé."""
    print(new_key())


def rotate_the_keys() -> None:
    """Scelle tout sous la clé la plus récente, pendant que le portail marche. Reprend si coupé."""
    settings = Settings()
    rotated = asyncio.run(_in_store(settings, rotate_keys))
    done = plural(rotated.done, "texte scellé de nouveau", "textes scellés de nouveau")
    print(f"{done} sous la clé {settings.sealing_keys.newest}.")
    if rotated.closed:
        closed = plural(rotated.closed, "texte ne s’ouvre", "textes ne s’ouvrent")
        print(f"{closed} avec aucune clé de RIBAMBELLE_KEYS : ribambelle check --keys le détaille.")
        raise typer.Exit(1)


def check_keys(settings: Settings) -> None:
    """Say under which keys things are sealed; end with 1 while it is not only the newest."""

    async def count(writing: OpenStore) -> Mapping[str, int]:
        async with writing() as store:
            return await store.resealing.by_key()

    keys, found = settings.sealing_keys, asyncio.run(_in_store(settings, count))
    others = {key: number for key, number in sorted(found.items()) if key != keys.newest}
    for key, number in others.items():
        texts = plural(number, "texte est", "textes sont")
        if keys.knows(key):
            print(f"{texts} encore sous l’ancienne clé {key} : lancez ribambelle rotate-keys.")
        else:
            print(f"{texts} sous la clé {key or 'inconnue'}, qui manque dans RIBAMBELLE_KEYS.")
    if others:
        raise typer.Exit(1)
    print(f"Tout est scellé sous la clé la plus récente, {keys.newest}.")


async def _in_store(settings: Settings, work: Callable[[OpenStore], Awaitable[T]]) -> T:
    engine = connect(settings.sql_url)
    try:
        return await work(store_opener(engine, settings.sealing_keys))
    finally:
        await engine.dispose()
