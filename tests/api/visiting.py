"""Agents on the pages of families: made at the desk, visited, left."""

from sqlalchemy import select

from domain.audit import What
from domain.visits import Mode
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.tables import audit_log
from tests.api.office import fields_of
from tests.builders import REGISTRATION
from tests.site import AGENT, Browser, Site

START = f"/inscription/{REGISTRATION.slug}"
JEANNE = {"first_name": "Jeanne", "last_name": "Lopez"}
YOU = {**JEANNE, "relation": "other", "phone": "0611223344"}


async def at_the_desk(site: Site, agent: Browser, **names: str) -> Account:
    """A family without mail, made at the desk; its agent is on its pages."""
    page = await agent.opens("/agent/accueil?q=Jeanne+Lopez")
    hidden = fields_of(page, "/agent/familles")
    answer = await agent.post("/agent/familles", data={**hidden, **(names or JEANNE)})
    assert answer.headers["location"] == START
    async with site.writing() as store:
        family = await store.accounts.by_id(hidden["act_id"])
    assert family is not None
    return family


async def visits(agent: Browser, family: Account, mode: Mode) -> int:
    """Press the button on the family's page; gives what was answered."""
    home = f"/agent/familles/{family.id}"
    place = "saisie" if mode is Mode.DESK else "consultation"
    hidden = fields_of(await agent.opens(home), f"{home}/{place}")
    return (await agent.post(f"{home}/{place}", data=hidden)).status_code


async def leaves(agent: Browser) -> None:
    hidden = fields_of(await agent.get("/accueil"), "/agent/visite/fin")
    assert (await agent.post("/agent/visite/fin", data=hidden)).status_code == 303


async def sends(agent: Browser, path: str, **typed: str) -> tuple[int, str]:
    """Fill in the form of this page and send it: the status, and where it led."""
    hidden = fields_of(await agent.get(path), path)
    answer = await agent.post(path, data={**hidden, **typed})
    return answer.status_code, answer.headers.get("location", "")


async def lines(site: Site, *whats: What) -> list[tuple[str, str, str]]:
    """The journal's lines of these kinds: what, who in whose name, about whom."""
    async with site.writing() as store:
        rows = await store.connection.execute(select(audit_log).order_by(audit_log.c.at))
        return [(row.what, row.actor_id, row.subject) for row in rows if What(row.what) in whats]


async def dossiers_of(site: Site, family: Account) -> list[Dossier]:
    async with site.writing() as store:
        return list(await store.dossiers.of_account(family.id))


async def agent_account(site: Site) -> Account:
    return await site.account(AGENT)
