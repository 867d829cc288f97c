"""The example town: set up at once, then filled by telling the stories of its families.

Local only. Setting up is a handful of rows, so that a newcomer may start immediately; the stories
go through the portal's own acts and the real engine, in the background.
"""

import asyncio
from collections.abc import Callable, Sequence

from api.access.passwords import Passwords
from api.gateway import Gateway
from deploy.example.actualising import begin_an_update
from deploy.example.agreements import tell_of_agreements
from deploy.example.campaigns import tell_of_campaigns
from deploy.example.disagreement import CELINE, HUGUES, object_to_a_dossier, tell_of_a_rule
from deploy.example.families import FAMILIES
from deploy.example.health import tell_of_health
from deploy.example.homes import FATOU, ask_for_a_change, tell_of_homes
from deploy.example.kept_papers import tell_of_papers
from deploy.example.sharing import SECOND_GUARDIANS, share
from deploy.example.stories import STORIES
from deploy.example.teller import Story, StoryStuckError, Teller
from deploy.example.valbourg import CARD, DEPARTMENTS, PASSWORD, PROCEDURES, SCHOOLS, STAFF, Person
from storage.clock import now
from storage.files import Files
from storage.store import OpenStore, Store

_TOLD_AT_ONCE = 4


async def set_up(writing: OpenStore) -> None:
    """Write the town card, departments, schools, procedures and staff. Twice: nothing more.

    An account that exists keeps its password, and a town that has a name keeps everything.
    """
    password_hash = await Passwords().hash(PASSWORD)
    async with writing() as store:
        await store.accounts.mark_examples([person.email for person in STAFF])
        if (await store.town.card()).appeal_notice:
            return
        await store.town.set_card(CARD)
        for department in DEPARTMENTS:
            await store.town.put_department(department)
        for school in SCHOOLS:
            await store.town.put_facility(school)
        for procedure in PROCEDURES:
            await store.town.put_procedure(procedure)
        await _add_people(store, STAFF, password_hash)


async def fill(
    writing: OpenStore, files: Files, gateway: Gateway, *, say: Callable[[str], None]
) -> bool:
    """Tell every story that has not been told; whether all of them came to their end.

    Twice: nothing more. Cut in the middle: the next call goes on.
    """
    async with writing() as store:
        waiting = [story for story in STORIES if not await _is_told(store, story)]
    if not waiting:
        say("La ville d’exemple est déjà remplie.")
        return True
    await set_up(writing)
    password_hash = await Passwords().hash(PASSWORD)
    async with writing() as store:
        await _add_people(
            store, (*FAMILIES, *SECOND_GUARDIANS, FATOU, HUGUES, CELINE), password_hash
        )
    # The numbers follow the dates: the oldest dossier is opened first, one after the other.
    waiting.sort(key=lambda story: -story.days_ago)
    tellers = [Teller(writing, files, gateway, story, now()) for story in waiting]
    for teller in tellers:
        await teller.opens()
    is_whole = await _tell(tellers, writing, gateway, say)
    await tell_of_papers(writing, files, now())
    return is_whole


async def _tell(
    tellers: Sequence[Teller], writing: OpenStore, gateway: Gateway, say: Callable[[str], None]
) -> bool:
    turns = asyncio.Semaphore(_TOLD_AT_ONCE)

    async def tell(teller: Teller) -> bool:
        try:
            async with turns:
                await teller.prepares()
            await teller.story.rest(teller)
        except StoryStuckError as stuck:
            say(f"L’histoire « {teller.story.title} » n’est pas allée au bout : {stuck}")
            return False
        return True

    ended = await asyncio.gather(*(tell(teller) for teller in tellers))
    async with writing() as store:
        await share(store, now())
        await tell_of_homes(store, now())
        await tell_of_health(store, now())
        await tell_of_a_rule(store, now())
        await tell_of_agreements(store, now())
    await object_to_a_dossier(writing, gateway, now())
    await ask_for_a_change(writing, gateway, now())
    await begin_an_update(writing, gateway, now())
    await tell_of_campaigns(writing, gateway, now())
    say(f"La ville d’exemple est remplie : {sum(ended)} dossiers.")
    return all(ended)


async def _is_told(store: Store, story: Story) -> bool:
    return await store.acts.find(story.act_id(story.last)) is not None


async def _add_people(store: Store, people: Sequence[Person], password_hash: str) -> None:
    for person in people:
        if await store.accounts.by_email(person.email) is None:
            await store.accounts.add(
                person.email,
                person.role,
                now(),
                name=person.name,
                title=person.title,
                duties=person.duties,
                password_hash=password_hash,
                is_example=True,
            )
