"""The page of the town's people, as an admin uses it; and what is kept of them."""

import httpx2

from domain.audit import What
from domain.rights import Duty
from storage.accounts import Account
from storage.records import new_id
from storage.tables import audit_log
from tests.builders import Someone
from tests.site import Browser, Site

AGENTS = "/admin/agents"
BORIS = Someone("boris@v.example", "admin", "Boris Vidal", "Administration", is_example=True)
PERSON = {
    "email": "lea@v.example",
    "name": "Léa Blanc",
    "title": "Gestionnaire",
    "role": "agent",
    "service-scolaire": "work",
}
SCHOOLS = Duty("scolaire")


async def invites(admin: Browser, **changes: str) -> httpx2.Response:
    """Fill in the form of invitation, and send it."""
    await admin.opens(f"{AGENTS}/inviter")
    return await admin.send_form(f"{AGENTS}/inviter", **{"act_id": new_id(), **PERSON, **changes})


async def found(site: Site, email: str) -> Account:
    async with site.writing() as store:
        account = await store.accounts.by_email(email)
    assert account is not None
    return account


async def does(admin: Browser, account: Account, act: str = "", **fields: str) -> httpx2.Response:
    """Open the page of this person and send one of its forms."""
    here = f"{AGENTS}/{account.id}"
    await admin.opens(here)
    return await admin.send_form(f"{here}/{act}" if act else here, **fields)


async def lines(site: Site, what: What) -> list[dict[str, object]]:
    """What the journal says of one kind."""
    async with site.writing() as store:
        query = audit_log.select().where(audit_log.c.what == what.value)
        return [dict(row) for row in (await store.connection.execute(query)).mappings()]
