"""A family that the town knows, made as rows, and what happens to the changes it asks for.

await a_known_family(site)                      # Claire, Paul, Léna, with one authorised person
await approves(site, dossier)                   # an agent, or the portal by its rule
"""

from temporalio.testing import ActivityEnvironment

from activities.dossiers import DossierActivities
from activities.letter_writer import LetterWriter, Sender
from domain.messages import Act, RecordAct, Recorded
from domain.questions import Answers
from domain.states import Action, Actor, State
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord, RecordedChild
from storage.records import new_id
from tests.builders import REGISTRATION, Someone
from tests.families import ANSWERS
from tests.site import AGENT, CLAIRE, Site

OTHER = {
    "has_other": "yes",
    "first_name": "Paul",
    "last_name": "Petit",
    "relation": "father",
    "phone": "0699887766",
    "email": "paul@example.org",
    "address": "8 quai Neuf, 01000 Valbourg",
}
GRANDMOTHER = {
    "contact_1_name": "Zoé Petit",
    "contact_1_phone": "0600000001",
    "contact_1_link": "grand-mère",
    "contact_1_pick_up": "yes",
}
KNOWN: Answers = {**ANSWERS, "autre-parent": OTHER, "contacts": GRANDMOTHER}


async def a_known_family(
    site: Site, owner: Someone = CLAIRE, answers: Answers = KNOWN, **child: str
) -> Dossier:
    """The approved registration of a child of this family."""
    account = await site.account(owner)
    async with site.writing() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        dossier = await store.dossiers.open_new(procedure, account.id, site.clock())
        answers = {**answers, "enfant": {**answers["enfant"], **child}}
        for code, values in answers.items():
            await store.dossiers.save_answers(dossier, code, values, site.clock())
    await sends(site, dossier)
    await approves(site, dossier)
    async with site.writing() as store:
        return await store.dossiers.find(dossier.id)


async def record_of(site: Site, owner: Someone = CLAIRE) -> FamilyRecord:
    """What the town knows of this family now."""
    account = await site.account(owner)
    async with site.writing() as store:
        record = await store.family_record.of(account.id)
    assert record is not None
    return record


async def the_child(site: Site, owner: Someone = CLAIRE) -> RecordedChild:
    """The first child of this family."""
    return (await record_of(site, owner)).children[0]


async def sends(site: Site, dossier: Dossier) -> Recorded:
    """The family sends it, and the portal has looked at it."""
    return await _recorded(site, dossier, Action.SUBMIT, Actor.PARENT, dossier.account_id)


async def approves(site: Site, dossier: Dossier) -> Recorded:
    """An agent approves it, whatever is missing."""
    return await _decided(site, dossier, Action.APPROVE)


async def refuses(site: Site, dossier: Dossier) -> Recorded:
    """An agent refuses it."""
    return await _decided(site, dossier, Action.REFUSE, reason_code="not_resident")


async def _decided(site: Site, dossier: Dossier, action: Action, reason_code: str = "") -> Recorded:
    agent = await site.account(AGENT)
    on_the_way = (State.DRAFT, State.CHECKING, State.AWAITING_FAMILY)
    async with site.writing() as store:
        await store.dossiers.move(dossier.id, on_the_way, State.UNDER_REVIEW, site.clock())
    return await _recorded(site, dossier, action, Actor.AGENT, agent.id, reason_code=reason_code)


async def _recorded(
    site: Site, dossier: Dossier, action: Action, actor: Actor, who: str, *, reason_code: str = ""
) -> Recorded:
    act = Act(new_id(), action, who, actor, site.clock(), reason_code=reason_code)
    writer = LetterWriter(Sender(site.settings.site_url, "portail@v.example", "s" * 40))
    office = DossierActivities(site.writing, writer)
    message = RecordAct(dossier.id, act, site.clock(), dossier.terms)
    recorded = await ActivityEnvironment().run(office.record, message)
    assert isinstance(recorded, Recorded)
    assert recorded.applied
    return recorded


async def the_changes(site: Site, owner: Someone = CLAIRE) -> list[Dossier]:
    """The changes this family asked for, the latest first."""
    account = await site.account(owner)
    async with site.writing() as store:
        every = await store.dossiers.of_account(account.id)
    asked = [one for one in every if one.kind == "change"]
    return sorted(asked, key=lambda one: one.number, reverse=True)
