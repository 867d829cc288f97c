"""A colleague is away: who stands in sees what is theirs, until it ends by itself."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from domain.audit import What
from domain.deadlines import paris_day
from domain.rights import Duty, FieldGroup
from domain.states import State
from storage.dossiers import Dossier
from storage.records import new_id
from storage.tables import absences, audit_log
from tests.builders import a_dossier
from tests.databases import on_both
from tests.site import ADMIN, AGENT, CLAIRE, NURSERY_AGENT, Browser, Site

OWN = "/compte/absences"
A_DAY = timedelta(days=1)


def day_of(site: Site, days: int | str) -> str:
    """So many days from today, as people write it; a text as it is."""
    if isinstance(days, str):
        return days
    return f"{paris_day(site.clock()) + days * A_DAY:%d/%m/%Y}"


async def says(
    site: Site, agent: Browser, *, begins: int | str = 0, ends: int | str = 2, **fields: str
) -> httpx2.Response:
    """Nadia says that she is away, from today for three days; Paul stands in."""
    paul = await site.account(NURSERY_AGENT)
    await agent.opens(OWN)
    known = {
        "act_id": new_id(),
        "begins": day_of(site, begins),
        "ends": day_of(site, ends),
        "cover": paul.id,
    }
    return await agent.send_form(OWN, **{**known, **fields})


async def followed_dossier(site: Site) -> Dossier:
    """A dossier of the schools' department that Nadia follows."""
    claire, nadia = await site.account(CLAIRE), await site.account(AGENT)
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
        await store.dossiers.follow(dossier.id, nadia.id)
    return dossier


async def test_whoever_stands_in_sees_the_dossiers_meanwhile_and_not_a_minute_longer(
    site: Site, as_agent: Browser
) -> None:
    dossier = await followed_dossier(site)
    desk = f"/agent/dossiers/{dossier.id}"
    assert (await (await site.signed_in(NURSERY_AGENT)).get(desk)).status_code == 404
    assert (await says(site, as_agent)).headers["location"] == OWN
    paul = await site.signed_in(NURSERY_AGENT)
    page = await paul.get(desk)
    assert "Suivi par vous, pour Nadia Petit jusqu’au 25" in page.text
    assert "Vous, pour Nadia Petit" in (await paul.get("/agent/dossiers")).text
    assert "Vous remplacez Nadia Petit jusqu’au 25" in (await paul.get("/agent")).text
    site.clock.waits(timedelta(days=2, hours=13, minutes=59))  # 23:59 in Paris, the last day
    assert (await (await site.signed_in(NURSERY_AGENT)).get(desk)).status_code == 200
    site.clock.waits(timedelta(minutes=1))
    late = await site.signed_in(NURSERY_AGENT)
    assert (await late.get(desk)).status_code == 404
    assert "Vous remplacez" not in (await late.get("/agent")).text


async def test_other_colleagues_read_on_the_desk_that_somebody_is_away(site: Site) -> None:
    dossier = await followed_dossier(site)
    await says(site, await site.signed_in(AGENT))
    async with site.writing() as store:
        paul = await store.accounts.by_email(NURSERY_AGENT.email)
        assert paul is not None
        await store.staff.change(
            paul.id, name="Paul Roux", title="", role="agent", duties=[Duty(None)]
        )
        await store.connection.execute(absences.update().values(cover_id=None))
    page = await (await site.signed_in(NURSERY_AGENT)).get(f"/agent/dossiers/{dossier.id}")
    assert "Suivi par Nadia Petit, absence jusqu’au 25" in page.text


async def test_an_absence_to_come_opens_nothing_yet(site: Site, as_agent: Browser) -> None:
    dossier = await followed_dossier(site)
    await says(site, as_agent, begins=1)
    desk = f"/agent/dossiers/{dossier.id}"
    assert (await (await site.signed_in(NURSERY_AGENT)).get(desk)).status_code == 404
    site.clock.waits(timedelta(hours=14))  # midnight in Paris
    assert (await (await site.signed_in(NURSERY_AGENT)).get(desk)).status_code == 200


async def test_who_comes_back_early_ends_it_at_once(site: Site, as_agent: Browser) -> None:
    dossier = await followed_dossier(site)
    await says(site, as_agent)
    nadia = await site.account(AGENT)
    async with site.writing() as store:
        (absence,) = await store.absences.coming(nadia.id, site.clock())
    await as_agent.opens(OWN)
    for _ in range(2):
        answer = await as_agent.send_form(f"{OWN}/{absence.id}/fin")
        assert answer.headers["location"] == OWN
    paul = await site.signed_in(NURSERY_AGENT)
    assert (await paul.get(f"/agent/dossiers/{dossier.id}")).status_code == 404
    await paul.opens(OWN)
    await paul.send_form(f"{OWN}/{absence.id}/fin")
    assert "Notées" not in (await as_agent.get(OWN)).text


async def test_an_agent_lends_no_reserved_group_and_an_admin_does(
    site: Site, as_agent: Browser, as_admin: Browser
) -> None:
    nadia, paul = await site.account(AGENT), await site.account(NURSERY_AGENT)
    await says(site, as_agent, fields="custody")
    async with site.writing() as store:
        on_duty = await store.duties.on_duty(paul, site.clock())
        assert on_duty.duties == (*paul.duties, Duty("scolaire"))
        (absence,) = await store.absences.coming(nadia.id, site.clock())
        await store.absences.end(absence.id, nadia.id, site.clock())
    here = f"/admin/agents/{nadia.id}"
    await as_admin.opens(here)
    answer = await as_admin.send_form(
        f"{here}/absence",
        act_id=new_id(),
        begins=day_of(site, 0),
        ends=day_of(site, 2),
        cover=paul.id,
        fields="custody",
    )
    assert answer.headers["location"] == here
    async with site.writing() as store:
        on_duty = await store.duties.on_duty(paul, site.clock())
    assert on_duty.duties[-1] == Duty("scolaire", frozenset({FieldGroup.CUSTODY}))
    page = (await as_admin.get("/admin/agents")).text
    assert "remplacement\u00a0: Paul Roux" in page


async def test_a_machine_left_open_lends_no_rights(site: Site, as_admin: Browser) -> None:
    nadia, paul = await site.account(AGENT), await site.account(NURSERY_AGENT)
    here = f"/admin/agents/{nadia.id}"
    await as_admin.opens(here)
    site.clock.waits(timedelta(minutes=11))
    form = {"act_id": new_id(), "begins": day_of(site, 0), "ends": day_of(site, 2)}
    answer = await as_admin.send_form(f"{here}/absence", **form, cover=paul.id, fields="custody")
    assert answer.status_code == 403
    assert "Confirmez que c’est bien vous" in answer.text
    async with site.writing() as store:
        assert await store.absences.coming(nadia.id, site.clock()) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"begins": "demain"}, "Écrivez le premier jour"),
        ({"begins": "31/02/2027"}, "Écrivez le premier jour"),
        ({"begins": "01/01/2020"}, "Ce jour est passé"),
        ({"ends": "22/11/2026"}, "Le retour vient avant le départ"),
        ({"ends": "01/01/2030"}, "un an au plus"),
        ({"cover": "f" * 32}, "Choisissez une personne de la liste"),
    ],
)
async def test_an_absence_that_cannot_be_is_given_back_with_what_was_typed(
    site: Site, as_agent: Browser, fields: dict[str, str], said: str
) -> None:
    answer = await says(site, as_agent, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    for name in ("begins", "ends"):
        if name in fields:
            assert f'value="{fields[name]}"' in answer.text


async def test_nobody_is_away_twice_nor_covered_by_somebody_who_is_away(
    site: Site, as_agent: Browser
) -> None:
    await says(site, as_agent, begins=1, ends=5)
    again = await says(site, as_agent, begins=5, ends=6)
    assert "Une absence est déjà notée" in again.text
    assert (await says(site, as_agent, begins=6, ends=7)).status_code == 303
    paul, nadia = await site.signed_in(NURSERY_AGENT), await site.account(AGENT)
    answer = await says(site, paul, begins=2, ends=3, cover=nadia.id)
    assert "Nadia Petit est en absence" in answer.text
    admin = await site.account(ADMIN)
    assert (await says(site, paul, begins=2, ends=3, cover=admin.id)).status_code == 422


@on_both
async def test_the_same_absence_sent_four_times_at_once_is_noted_once(site: Site) -> None:
    agent, act_id = await site.signed_in(AGENT), new_id()
    await site.account(NURSERY_AGENT)
    await agent.opens(OWN)
    answers = await asyncio.gather(*(says(site, agent, act_id=act_id) for _ in range(4)))
    assert {one.status_code for one in answers} == {303}
    other = await asyncio.gather(*(says(site, agent, begins=9, ends=9) for _ in range(2)))
    assert sorted(one.status_code for one in other) == [303, 422]
    async with site.writing() as store:
        rows = (await store.connection.execute(absences.select())).mappings().all()
    assert len(rows) == 2


async def test_an_absence_is_written_down(site: Site, as_agent: Browser) -> None:
    await says(site, as_agent)
    paul, nadia = await site.account(NURSERY_AGENT), await site.account(AGENT)
    async with site.writing() as store:
        query = audit_log.select().where(audit_log.c.what == What.ABSENCE_SAID.value)
        (line,) = (await store.connection.execute(query)).mappings()
    assert (line["actor_id"], line["subject"]) == (nadia.id, nadia.id)
    assert line["detail"]["cover"] == paul.id
