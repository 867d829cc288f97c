"""An approved change against all that happened meanwhile: it writes its own, once, and no more."""

from activities.effects import EFFECTS
from domain.states import State
from storage.records import new_id
from tests.api.changing import ADDRESS, DETAILS, MOVED, changes
from tests.family_file import (
    KNOWN,
    a_known_family,
    approves,
    record_of,
    the_changes,
    the_child,
)
from tests.site import CLAIRE, Browser, Site


async def test_a_change_of_a_child_that_has_left_the_family_writes_nothing(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    await changes(as_parent, f"/famille/enfants/{child.id}/changer/ecole", grade="cp")
    (dossier,) = await the_changes(site)
    other = await a_known_family(site, first_name="Adam")
    async with site.writing() as store:
        rows = await store.households.children_of(dossier.account_id)
        adam = next(one.id for one in rows if one.dossier_id == other.id)
        await store.connection.exec_driver_sql(
            f"UPDATE children SET same_as = '{adam}' WHERE id = '{child.id}'"
        )
    await approves(site, dossier)
    assert (await the_child(site)).grade == "cp"
    assert KNOWN["ecole"]["grade"] == "ps"


async def test_an_approval_twice_writes_once(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    child = await the_child(site)
    path = f"/famille/enfants/{child.id}/changer/contacts"
    await changes(as_parent, path, name="Ali Ben", phone="0611223344")
    (dossier,) = await the_changes(site)
    await approves(site, dossier)
    before = await record_of(site)
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        await EFFECTS["change"](store, dossier, answers, site.clock())
    assert await record_of(site) == before
    assert dossier.state is not State.APPROVED


async def test_a_registration_begun_before_a_move_does_not_move_the_family_back(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    path = "/inscription/inscription-scolaire/vous"
    form = dict(KNOWN["vous"], csrf=as_parent.csrf, act_id=new_id())
    place = (await as_parent.post(path, data=form)).headers["location"]
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        every = await store.dossiers.of_account(claire.id)
        dossier = next(one for one in every if one.state is State.DRAFT)
        for code in ("enfant", "ecole"):
            answers = {**KNOWN[code], "first_name": "Adam"} if code == "enfant" else KNOWN[code]
            await store.dossiers.save_answers(dossier, code, answers, site.clock())
    assert dossier.id in place
    await changes(as_parent, ADDRESS, **MOVED)
    (change,) = await the_changes(site)
    await approves(site, change)
    await approves(site, dossier)
    record = await record_of(site)
    assert [one.first_name for one in record.children] == ["Adam", "Léna"]
    assert record.street == "7 rue Neuve"


async def test_the_next_registration_begins_with_what_the_town_knows_today(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    for path, answers in ((ADDRESS, MOVED), (DETAILS, {"phone": "+41 79 123 45 67"})):
        await changes(as_parent, path, **answers)
        await approves(site, (await the_changes(site))[0])
    page = (await as_parent.get("/inscription/inscription-scolaire/vous")).text
    assert "+41 79 123 45 67" in page
