"""Families that a town knows already, made as rows: whoever comes in finds everything filled in."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from api.access.passwords import Passwords
from deploy.example.valbourg import ELEMENTAIRE
from storage.clock import now
from storage.store import connect, store_opener
from tests.builders import KEYS
from tests.health import HEALTHY
from tests.journeys.stories import EXAMPLE_PASSWORD


def is_known(home: Path, email: str, *children: str) -> None:
    """Nadège Colin, the other guardian, and these children of theirs, in CE1, whose health is told.

    Nothing is missing but papers.
    """
    # The browser's own loop is running here: the work has one of its own.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, _is_known(home, email, children)).result()


async def _is_known(home: Path, email: str, children: tuple[str, ...]) -> None:
    engine, at = connect(f"sqlite+aiosqlite:///{home / 'ribambelle.db'}"), now()
    password_hash = await Passwords().hash(EXAMPLE_PASSWORD)
    async with store_opener(engine, KEYS)() as store:
        account_id = await store.accounts.add(
            email, "parent", at, name="Nadège Colin", password_hash=password_hash, is_example=True
        )
        changes = store.family_changes
        address = {"street": "3 rue des Lilas", "postal_code": "47990", "city": "Valbourg"}
        family = await changes.found(account_id, address, at)
        mine = {"first_name": "Nadège", "last_name": "Colin", "relation": "mother"}
        reached = {"phone": "06 11 22 33 44", "email": email, "account_id": account_id}
        mother = await changes.add_guardian(family, {**mine, **reached, "is_payer": True})
        other = {"first_name": "Marc", "last_name": "Petit", "relation": "father"}
        father = await changes.add_guardian(family, other)
        for first in children:
            child = {"first_name": first, "last_name": "Colin", "birth_date": "2019-03-12"}
            place = {"birth_place": "Agen", "grade": "ce1", "school_id": ELEMENTAIRE}
            child_id = await changes.add_child(family, {**child, **place}, [mother, father])
            person = {"name": "Zoé Petit", "phone": "06 00 00 00 01", "may_pick_up": True}
            await changes.add_contact(child_id, person)
            await store.health_records.keep(
                child_id, HEALTHY, {}, seen=0, by=account_id, at=at, checks=True
            )
    await engine.dispose()
