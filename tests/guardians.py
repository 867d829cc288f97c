"""Another guardian of a child, made as rows: invited, in, or shut out.

await is_shared(site, dossier, GUARDIAN)
await is_shared(site, dossier, GUARDIAN, until=paris_day(site.clock()))  # an ex-guardian
"""

from datetime import date

from domain.guardian_access import GuardianAccess
from storage.dossiers import Dossier
from tests.builders import Someone
from tests.site import AGENT, Site


async def is_invited(site: Site, dossier: Dossier, who: Someone) -> GuardianAccess:
    """The owner of the dossier has invited this person."""
    async with site.writing() as store:
        return await store.guardian_accesses.invite(
            dossier.id, who.email, dossier.account_id, site.clock()
        )


async def is_shared(
    site: Site, dossier: Dossier, who: Someone, *, until: date | None = None
) -> GuardianAccess:
    """This person has accepted; with `until`, staff has ended the access on that day."""
    invited, account = await is_invited(site, dossier, who), await site.account(who)
    async with site.writing() as store:
        await store.guardian_accesses.accept(invited.id, account.id, site.clock())
    if until is not None:
        await is_shut_out(site, invited, until)
    async with site.writing() as store:
        access = await store.guardian_accesses.find(invited.id)
    assert access is not None
    return access


async def is_shut_out(site: Site, access: GuardianAccess, on: date) -> None:
    """Staff ends the access from that day on, by a ruling of that day."""
    agent = await site.account(AGENT)
    async with site.writing() as store:
        await store.guardian_accesses.end(
            access.id, on, reason_code="ruling", ruling_on=on, by=agent.id, at=site.clock()
        )
