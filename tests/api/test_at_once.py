"""What several people, or one who presses twice, do at the same instant; on both databases."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from api.acts import Acts
from api.gateway import Kept
from api.room_for_files import Crowded
from domain.documents import Limits
from domain.errors import TransitionNotAllowed
from domain.messages import Outcome
from domain.states import Action, Actor, State
from storage.dossiers import Dossier
from storage.files import KeptFile
from storage.records import new_id
from tests.builders import REGISTRATION, Someone, a_dossier
from tests.databases import on_both
from tests.families import ANSWERS, a_filled_draft
from tests.site import AGENT, CLAIRE, Browser, Site

pytestmark = on_both

T = TypeVar("T")


async def at_once(*doings: Awaitable[T]) -> Sequence[T | BaseException]:
    """What each gave, or what it failed with."""
    return await asyncio.gather(*doings, return_exceptions=True)


async def acts_of(site: Site, who: Someone) -> Acts:
    account = await site.account(who)
    return Acts(
        site.writing,
        site.gateway,
        actor=Actor(account.role),
        actor_id=account.id,
        at=site.clock(),
    )


async def test_fifty_dossiers_opened_at_once_have_fifty_numbers_without_a_hole(site: Site) -> None:
    acts = await acts_of(site, CLAIRE)
    opened = await asyncio.gather(
        *(acts.open(REGISTRATION, "vous", ANSWERS["vous"], act_id=new_id()) for _ in range(50))
    )
    assert sorted(one.number for one in opened) == [f"2026-{n:04d}" for n in range(1, 51)]


async def test_a_first_page_sent_ten_times_at_once_opens_one_dossier(site: Site) -> None:
    acts, act_id = await acts_of(site, CLAIRE), new_id()
    opened = await asyncio.gather(
        *(acts.open(REGISTRATION, "vous", ANSWERS["vous"], act_id=act_id) for _ in range(10))
    )
    assert len({one.id for one in opened}) == 1
    async with site.writing() as store:
        mine = await store.dossiers.of_account(opened[0].account_id)
    assert [one.number for one in mine] == ["2026-0001"]


async def test_of_two_decisions_kept_at_once_one_stands_two_hundred_times(site: Site) -> None:
    """The engine is away: nobody but the database can tell which of the two came first."""
    acts, claire = await acts_of(site, AGENT), await site.account(CLAIRE)
    async with site.writing() as store:
        dossiers = [
            await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
            for _ in range(200)
        ]

    async def race(dossier: Dossier) -> Sequence[Outcome | Kept | BaseException]:
        return await at_once(
            acts.give(Action.APPROVE, dossier.id, act_id=new_id()),
            acts.give(
                Action.REFUSE,
                dossier.id,
                act_id=new_id(),
                reason_code="not_resident",
                words="La famille n’habite pas la commune.",
            ),
        )

    for some in range(0, 200, 5):
        for both in await asyncio.gather(*map(race, dossiers[some : some + 5])):
            won = [one for one in both if isinstance(one, Kept)]
            told = [one for one in both if isinstance(one, TransitionNotAllowed)]
            assert (len(won), len(told)) == (1, 1), both
            assert told[0].facts["decided_by"] == AGENT.name


async def test_of_five_files_at_once_only_those_that_fit_are_added(site: Site) -> None:
    acts, dossier = await acts_of(site, CLAIRE), await a_filled_draft(site)

    async def give(n: int) -> Outcome | Kept:
        kept = KeptFile(new_id(), size_bytes=10, sha256=f"{n:064d}")
        return await acts.give_file(dossier.id, "child_identity", kept, name="acte.pdf", most=3)

    given = await at_once(*(give(n) for n in range(5)))
    assert Counter(type(one) for one in given) == {Kept: 3, Crowded: 2}
    async with site.writing() as store:
        assert len(await store.documents.of(dossier.id)) == 3


async def test_a_family_cannot_pass_its_limit_by_two_dossiers_at_once(site: Site) -> None:
    acts = await acts_of(site, CLAIRE)
    dossiers = [await a_filled_draft(site), await a_filled_draft(site)]

    async def give(n: int) -> Outcome | Kept:
        kept = KeptFile(new_id(), size_bytes=10, sha256=f"{n:064d}")
        return await acts.give_file(
            dossiers[n % 2].id,
            "child_identity",
            kept,
            name="acte.pdf",
            limits=Limits(files_per_hour=4),
        )

    given = await at_once(*(give(n) for n in range(8)))
    assert Counter(type(one) for one in given) == {Kept: 4, Crowded: 4}


async def test_the_same_file_five_times_at_once_is_one_document(site: Site) -> None:
    acts, dossier = await acts_of(site, CLAIRE), await a_filled_draft(site)

    async def give() -> Outcome | Kept:
        kept = KeptFile(new_id(), size_bytes=10, sha256="a" * 64)
        return await acts.give_file(dossier.id, "child_identity", kept, name="acte.pdf")

    assert Counter(type(one) for one in await at_once(*(give() for _ in range(5)))) == {Kept: 5}
    async with site.writing() as store:
        assert len(await store.documents.of(dossier.id)) == 1


async def a_link_for(site: Site, browser: Browser, email: str) -> str:
    await browser.opens("/connexion")
    assert (await browser.send_form("/connexion", email=email)).status_code == 303
    return (await site.mailed_links())[-1]


async def press(browser: Browser, token: str) -> int:
    return (await browser.send_form(f"/activation/{token}", without="1")).status_code


async def test_two_links_of_a_new_family_pressed_at_once_make_one_account(site: Site) -> None:
    browsers = [site.browser() for _ in range(4)]
    tokens = [await a_link_for(site, one, "nina@example.org") for one in browsers]
    for browser, token in zip(browsers, tokens, strict=True):
        await browser.opens(f"/activation/{token}")
    pressed = await asyncio.gather(*map(press, browsers, tokens))
    assert pressed == [303] * 4


async def test_one_link_pressed_in_four_browsers_at_once_lets_one_in(site: Site) -> None:
    browsers = [site.browser() for _ in range(4)]
    token = await a_link_for(site, browsers[0], "nina@example.org")
    for browser in browsers:
        await browser.opens(f"/activation/{token}")
    pressed = await asyncio.gather(*(press(one, token) for one in browsers))
    assert sorted(pressed) == [303, 410, 410, 410]


async def eight_at_the_door(site: Site) -> list[Browser]:
    browsers = [site.browser() for _ in range(8)]
    for one in browsers:
        await one.opens("/connexion")
    return browsers


async def test_of_eight_links_asked_for_at_once_five_are_mailed(site: Site) -> None:
    browsers = await eight_at_the_door(site)
    asked = [one.send_form("/connexion", email="nina@example.org") for one in browsers]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {303}
    assert len(await site.mailed_links()) == 5


async def test_of_eight_passwords_tried_at_once_five_are_looked_at(site: Site) -> None:
    await site.account(CLAIRE, password="une petite phrase à moi")
    tried = [
        one.send_form("/connexion", email=CLAIRE.email, password="non")
        for one in await eight_at_the_door(site)
    ]
    answers = await asyncio.gather(*tried)
    assert Counter(answer.status_code for answer in answers) == {422: 5, 429: 3}
