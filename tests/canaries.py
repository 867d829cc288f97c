"""Odd words that somebody typed, searched for wherever they could have gone."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping

from sqlalchemy import select
from temporalio.client import WorkflowHandle

from storage.store import OpenStore
from storage.tables import kept_forms, letters, metadata
from tests.builders import Someone
from tests.histories import readable
from tests.site import Site

CLAIRE = Someone("claire.martin@exemple.fr", name="Claire Martin")
CLERK = Someone(
    "accueil@v.example", "agent", "Jeanne Morel", "Accueil", "scolaire", True, frozenset()
)
"""An agent of the department to whom no reserved group is open."""


def found(places: Mapping[str, Iterable[str]], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Each place in which one of the secrets can be read, whatever its case, with that secret."""
    return [
        (place, secret)
        for place, texts in places.items()
        for secret in secrets
        for text in texts
        if secret.lower() in text.lower()
    ]


async def every_row(open_store: OpenStore) -> str:
    """Every row of every table."""
    async with open_store() as store:
        return "\n".join(
            [
                str(row)
                for table in metadata.sorted_tables
                for row in await store.connection.execute(select(table))
            ]
        )


async def all_the_engine_knows(handle: WorkflowHandle[object, object]) -> str:
    """Every event of a workflow, its payloads decoded."""
    history = await handle.fetch_history()
    return json.dumps([readable(event) for event in history.events], ensure_ascii=False)


def all_mailed(open_store: OpenStore) -> Callable[[], Awaitable[bool]]:
    """The question whether no letter waits for the mail server any more."""

    async def is_so() -> bool:
        async with open_store() as store:
            rows = await store.connection.execute(select(letters.c.status).distinct())
            return set(rows.scalars()) <= {"accepted", "to_print"}

    return is_so


async def comes_too_late(site: Site, path: str, typed: Mapping[str, str]) -> None:
    """Claire sends a form once her session has ended: it is kept for her, sealed."""
    late = await site.signed_in(CLAIRE)
    async with site.writing() as store:
        account = await store.accounts.by_email(CLAIRE.email)
        assert account is not None
        await store.accounts.end_sessions_of(account.id)
    answer = await late.post(
        path,
        data={"csrf": late.csrf, **typed},
        headers={"Referer": f"{site.settings.site_url}{path}"},
    )
    assert answer.status_code in {303, 401}
    async with site.writing() as store:
        assert len((await store.connection.execute(select(kept_forms))).all()) == 1
