"""An admin plans a campaign, reads its letters before, follows it, and acts on it."""

import re
from datetime import date, timedelta

import pytest

from activities.campaigns import CampaignActivities
from activities.letter_writer import LetterWriter, Sender
from domain.campaign_messages import CampaignTurn, Turned
from domain.campaigns import CampaignState, Position, ends_at
from domain.deadlines import paris_day
from domain.states import State
from storage.campaigns import Campaign
from storage.records import new_id
from tests.campaigns import ACTUALISATION, a_campaign, a_dossier, a_family, a_plan, moves
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

HERE = "/admin/campagnes"
FORM = {
    "title": "Actualisation 2026-2027",
    "procedure": ACTUALISATION.id,
    "opens": "01/12/2026",
    "closes": "28/02/2027",
    "who": "all",
    "days_not_begun": "15/12/2026, 20/01/2027",
    "days_begun": "",
    "days_missing": "",
    "last_days": "3",
    "batch_size": "50",
    "batch_pause": "60",
    "words_invitation": "Pensez à l’attestation d’assurance.",
}


@pytest.fixture
async def town(site: Site) -> Site:
    """A site with a procedure of actualisation and three families, one without mail."""
    async with site.writing() as store:
        await store.town.put_procedure(ACTUALISATION)
        for name, has_mail in (("Petit", True), ("Roux", True), ("Noël", False)):
            await a_family(store, name, site.clock(), has_mail=has_mail)
    return site


async def planned(site: Site, **changes: object) -> Campaign:
    admin = await site.account(ADMIN)
    async with site.writing() as store:
        return await a_campaign(store, admin.id, site.clock(), a_plan(**changes))


async def turn(site: Site, campaign: Campaign) -> Turned:
    """What the campaign's workflow would have done at this moment."""
    writer = LetterWriter(Sender(site.settings.site_url, "p@v.example", "s" * 40))
    activities = CampaignActivities(site.writing, writer, site.gateway.send_letter)
    return await activities.take_turn(CampaignTurn(campaign.id, site.clock()))


async def running(site: Site) -> Campaign:
    campaign = await planned(site, opens_on=paris_day(site.clock()))
    await turn(site, campaign)
    return await found(site, campaign.id)


async def found(site: Site, campaign_id: str) -> Campaign:
    async with site.writing() as store:
        return await store.campaigns.find(campaign_id)


async def lines(site: Site, word: str) -> int:
    return sum(f"campaign_{word}" in line for line in (await site.everything_kept())["audit_log"])


async def test_what_is_planned_is_read_over_first_with_its_count_and_letters(
    town: Site, as_admin: Browser
) -> None:
    await as_admin.opens(f"{HERE}/nouvelle")
    review = await as_admin.send_form(f"{HERE}/nouvelle", **FORM)
    assert review.status_code == 200
    for words in (
        "3\u00a0familles",
        "dont 1 sans adresse mail",
        "Du mardi 1er décembre 2026 au dimanche 28 février 2027",
        "Pensez à l’attestation d’assurance.",
        "Mardi 15 décembre 2026",
        "Jeudi 25 février 2027",
        "Dernier rappel",
    ):
        assert words in review.text, words
    assert (await town.everything_kept())["campaigns"] == []
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', review.text))
    act = {**FORM, "act_id": new_id()}
    assert typed["title"] == FORM["title"]
    for _ in range(2):
        answer = await as_admin.send_form(HERE, **act)
        assert answer.headers["location"] == f"{HERE}/{act['act_id']}"
    await town.errands_done()
    campaign = await found(town, act["act_id"])
    assert campaign.state is CampaignState.PLANNED
    assert campaign.plan.reminders[Position.NOT_BEGUN] == (date(2026, 12, 15), date(2027, 1, 20))
    assert town.gateway.told[0] == (campaign.id, "")
    assert await lines(town, "planned") == 1
    page = await as_admin.opens(f"{HERE}/{campaign.id}")
    assert "3\u00a0familles recevront" in page.text
    assert "Prévue" in (await as_admin.opens(HERE)).text


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, "Écrivez un titre"),
        ({"procedure": "p" * 32}, "Choisissez la démarche"),
        ({"opens": "31/02/2027"}, "Écrivez le premier jour"),
        ({"opens": "01/11/2026"}, "Ce jour est passé"),
        ({"closes": "01/12/2026"}, "Le dernier jour vient après le premier"),
        ({"closes": "01/12/2028"}, "Le dernier jour vient après le premier"),
        ({"opens": "30/12/9999", "closes": "31/12/9999"}, "Écrivez le premier jour"),
        ({"who": "grades"}, "Choisissez au moins une classe"),
        ({"who": "schools", "schools": "x"}, "Choisissez au moins une école"),
        ({"who": "chosen", "addresses": "personne@exemple.fr"}, "Aucune famille n’a cette adresse"),
        ({"who": "chosen", "addresses": AGENT.email}, "Aucune famille n’a cette adresse"),
        ({"who": ""}, "Dites à quelles familles écrire"),
        ({"days_begun": "15/12/2026 bientôt"}, "Ce jour ne se lit pas"),
        ({"days_begun": "01/03/2027"}, "Un rappel part après le premier jour"),
        ({"last_days": "-1"}, "de 0 à 30"),
        ({"batch_size": "0"}, "de 1 à 500"),
        ({"batch_pause": "²"}, "de 10 à 3600"),
        ({"words_last": "x" * 601}, "Raccourcissez"),
    ],
)
async def test_what_is_wrong_is_said_and_everything_typed_stays(
    town: Site, as_admin: Browser, wrong: dict[str, str], said: str
) -> None:
    await town.account(AGENT)
    await as_admin.opens(f"{HERE}/nouvelle")
    for path in (f"{HERE}/nouvelle", HERE):
        answer = await as_admin.send_form(path, **{**FORM, **wrong})
        assert answer.status_code == 422
        assert said in answer.text
        assert "Pensez à l’attestation d’assurance." in answer.text
    assert (await town.everything_kept())["campaigns"] == []


@pytest.mark.usefixtures("town")
async def test_some_families_are_chosen_by_their_addresses_or_their_grades(
    as_admin: Browser,
) -> None:
    await as_admin.opens(f"{HERE}/nouvelle")
    for wish, families in (
        ({"who": "chosen", "addresses": "petit@exemple.fr\nROUX@exemple.fr"}, "2\u00a0familles"),
        ({"who": "grades", "grades": "cp"}, "3\u00a0familles"),
        ({"who": "grades", "grades": "cm2"}, "0\u00a0famille"),
        ({"who": "schools", "schools": "e" * 32}, "3\u00a0familles"),
    ):
        answer = await as_admin.send_form(f"{HERE}/nouvelle", **{**FORM, **wish})
        assert families in answer.text


async def test_the_funnel_is_shown_with_who_stopped_where(town: Site, as_admin: Browser) -> None:
    campaign = await running(town)
    async with town.writing() as store:
        rows = await store.campaign_families.at_step(campaign, limit=10)
        petit = next(one for one in rows if one.name == "Anne Petit")
        dossier = await a_dossier(store, petit.account_id, State.DRAFT, town.clock())
        await moves(store, dossier, State.AWAITING_FAMILY, town.clock())
    page = (await as_admin.opens(f"{HERE}/{campaign.id}")).text
    shown = re.findall(r"<strong>(\d+)</strong>", page)
    assert shown == ["3", "1", "1", "1", "0"]
    assert "2\u00a0familles pas encore venues" in page
    quiet = (await as_admin.opens(f"{HERE}/{campaign.id}/familles?etape=invited")).text
    assert "Anne Roux" in quiet
    assert "Sans adresse mail" in quiet
    assert "Anne Petit" not in quiet
    stuck = (await as_admin.opens(f"{HERE}/{campaign.id}/familles?etape=sent")).text
    assert "Il manque un document" in stuck
    for wrong in (f"{HERE}/{new_id()}", f"{HERE}/x", f"{HERE}/{campaign.id}/rien"):
        assert (await as_admin.get(wrong)).status_code == 404


async def test_the_list_leaves_as_csv_and_the_journal_says_so(
    town: Site, as_admin: Browser
) -> None:
    campaign = await running(town)
    await as_admin.opens(f"{HERE}/{campaign.id}")
    answer = await as_admin.send_form(f"{HERE}/{campaign.id}/export")
    assert answer.headers["content-type"].startswith("text/csv")
    first, *rows = answer.text.removeprefix("\ufeff").split("\r\n")[:-1]
    assert first.startswith('"Famille";"Adresse mail";"Étape"')
    assert len(rows) == 3
    assert any("Sans adresse mail" in row for row in rows)
    assert await lines(town, "exported") == 1


async def test_it_is_paused_and_resumed_once_each_with_its_line(
    town: Site, as_admin: Browser
) -> None:
    campaign = await running(town)
    await town.errands_done()
    town.gateway.told.clear()
    for act, state, word in (
        ("pause", CampaignState.PAUSED, "paused"),
        ("reprise", CampaignState.RUNNING, "resumed"),
    ):
        page = await as_admin.opens(f"{HERE}/{campaign.id}/{act}")
        assert page.status_code == 200
        for _ in range(2):
            await as_admin.send_form(f"{HERE}/{campaign.id}/{act}")
            assert (await found(town, campaign.id)).state is state
        assert await lines(town, word) == 1
    await town.errands_done()
    assert [word for _, word in town.gateway.told] == ["pause", "resume"]
    assert (await as_admin.get(f"{HERE}/{campaign.id}/reprise")).status_code == 303


async def test_nobody_is_written_to_while_it_is_paused(town: Site, as_admin: Browser) -> None:
    campaign = await planned(town)
    await as_admin.opens(f"{HERE}/{campaign.id}/pause")
    await as_admin.send_form(f"{HERE}/{campaign.id}/pause")
    assert (await found(town, campaign.id)).state is CampaignState.PLANNED, "nothing to pause yet"
    campaign = await running(town)
    assert len(town.gateway.letters) == 2
    await as_admin.send_form(f"{HERE}/{campaign.id}/pause")
    async with town.writing() as store:
        await a_family(store, "Tardive", town.clock())
    town.clock.waits(timedelta(days=20))
    assert (await turn(town, campaign)).state is CampaignState.PAUSED
    assert len(town.gateway.letters) == 2


async def test_of_two_admins_who_extend_at_once_the_second_sees_both_days(
    town: Site, as_admin: Browser
) -> None:
    campaign = await running(town)
    where, seen = f"{HERE}/{campaign.id}/prolongation", campaign.plan.closes_on.isoformat()
    await as_admin.opens(where)
    first = await as_admin.send_form(where, until="10/03/2027", seen=seen)
    assert first.status_code == 303
    second = await as_admin.send_form(where, until="20/03/2027", seen=seen)
    assert second.status_code == 422
    assert "fixé au mercredi 10 mars 2027" in second.text
    assert "20/03/2027" in second.text
    twice = await as_admin.send_form(where, until="10/03/2027", seen=seen)
    assert twice.status_code == 303
    assert (await found(town, campaign.id)).plan.closes_on == date(2027, 3, 10)
    for wrong in ("01/01/2027", "20/03/2207", "31/12/9999", "bientôt", ""):
        answer = await as_admin.send_form(where, until=wrong, seen="2027-03-10")
        assert answer.status_code == 422
    assert await lines(town, "extended") == 1


async def test_an_extension_said_before_the_end_counts_though_the_end_came_first(
    town: Site,
) -> None:
    campaign = await running(town)
    where, seen = f"{HERE}/{campaign.id}/prolongation", campaign.plan.closes_on.isoformat()
    town.clock.moment = ends_at(campaign.plan) - timedelta(seconds=1)
    as_admin = await town.signed_in(ADMIN)
    town.clock.waits(timedelta(seconds=1))
    assert (await turn(town, campaign)).state is CampaignState.CLOSED
    late = await as_admin.send_form(where, until="10/03/2027", seen=seen)
    assert late.status_code == 303
    assert (await found(town, campaign.id)).state is CampaignState.CLOSED, "said after the end"
    town.clock.waits(-timedelta(seconds=1))
    await as_admin.send_form(where, until="10/03/2027", seen=seen)
    again = await found(town, campaign.id)
    assert (again.state, again.closed_at) == (CampaignState.RUNNING, None)
    async with town.writing() as store:
        assert (await store.town.procedure(id=campaign.procedure_id)).is_open


async def test_it_is_ended_by_hand_for_good(town: Site, as_admin: Browser) -> None:
    campaign = await running(town)
    await as_admin.opens(f"{HERE}/{campaign.id}/fin")
    for _ in range(2):
        await as_admin.send_form(f"{HERE}/{campaign.id}/fin")
    assert await lines(town, "closed") == 1
    ended = await found(town, campaign.id)
    assert (ended.state, ended.closed_at) == (CampaignState.CLOSED, town.clock())
    async with town.writing() as store:
        assert not (await store.town.procedure(id=campaign.procedure_id)).is_open
    where = f"{HERE}/{campaign.id}/prolongation"
    await as_admin.send_form(where, until="10/03/2027", seen=ended.plan.closes_on.isoformat())
    assert (await found(town, campaign.id)).state is CampaignState.CLOSED


@pytest.mark.parametrize("who", [CLAIRE, AGENT])
async def test_campaigns_are_the_admins_alone(town: Site, who: object) -> None:
    campaign = await running(town)
    browser = await town.signed_in(who)  # type: ignore[arg-type]
    for path in (HERE, f"{HERE}/nouvelle", f"{HERE}/{campaign.id}", f"{HERE}/{campaign.id}/fin"):
        assert (await browser.get(path)).status_code == 404
    for path in (HERE, f"{HERE}/{campaign.id}/fin", f"{HERE}/{campaign.id}/export"):
        assert (await browser.send_form(path)).status_code == 404
    assert (await found(town, campaign.id)).state is CampaignState.RUNNING


async def test_a_family_without_mail_has_its_letter_printed_at_the_desk(town: Site) -> None:
    await running(town)
    agent = await town.signed_in(AGENT)
    desk = await agent.opens("/agent/accueil")
    assert "Campagne : invitation" in desk.text
    [root] = set(re.findall(r"/agent/courriers/[0-9a-f]{32}", desk.text))
    sheet = await agent.opens(f"{root}/impression")
    for words in ("Anne Noël", "3 rue des Lilas", "venez à l’accueil de la mairie", "à imprimer"):
        assert words in sheet.text, words
    assert "/actualisation/" not in sheet.text
    for _ in range(2):
        assert (await agent.send_form(f"{root}/imprimer")).status_code == 303
    assert "Imprimé le" in (await agent.opens(f"{root}/impression")).text
    assert root not in (await agent.opens("/agent/accueil")).text
    mailed = town.gateway.letters[0]
    assert (await agent.get(f"/agent/courriers/{mailed}/impression")).status_code == 404
    parent = await town.signed_in(CLAIRE)
    assert (await parent.get(f"{root}/impression")).status_code == 404
