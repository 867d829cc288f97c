"""Court rulings: recorded by those who read them, each effect shown first; nobody else sees any."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.audit import What
from domain.custody import Effect
from domain.deadlines import paris_day
from domain.guardian_access import Stage
from domain.states import State
from storage.dossiers import Dossier
from storage.journal import Search
from tests.api.reserving import CLERK
from tests.builders import REGISTRATION
from tests.families import a_sent_dossier
from tests.guardians import is_shared
from tests.health import a_ward
from tests.rulings import a_ruling
from tests.site import AGENT, CLAIRE, GUARDIAN, Browser, Site

GRANNY = "Renée Garnier"


def page_of(dossier: Dossier, rest: str = "") -> str:
    return f"/agent/dossiers/{dossier.id}/jugements{rest}"


async def a_shared_dossier(site: Site) -> Dossier:
    """Léna's dossier, which Luc follows, and whose grandmother may fetch her."""
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    contacts = {
        "contact_1_name": GRANNY,
        "contact_1_phone": "0553000000",
        "contact_1_pick_up": "yes",
    }
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "contacts", contacts, site.clock())
    await is_shared(site, dossier, GUARDIAN)
    async with site.writing() as store:
        return await store.dossiers.find(dossier.id)


def keeping_luc_away(**more: str) -> dict[str, str]:
    decided = {"decided_day": "2", "decided_month": "11", "decided_year": "2026"}
    return {**decided, "no_contact": GUARDIAN.name, **more}


async def lines(site: Site, what: What) -> list[str]:
    async with site.writing() as store:
        found = await store.journal.page(Search(what=what.value), limit=50)
    return [one.subject for one in found]


async def records(agent: Browser, dossier: Dossier, **typed: str) -> str:
    """Open the form, see what changes, and confirm; gives what was said on the way."""
    await agent.opens(page_of(dossier))
    shown = await agent.send_form(page_of(dossier, "/verifier"), **typed)
    assert shown.status_code == 200, shown.text
    done = await agent.send_form(page_of(dossier), **typed)
    assert done.status_code == 303
    return shown.text


async def test_an_agent_sees_what_a_ruling_changes_before_it_is_written(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await agent.opens(page_of(dossier))
    typed = keeping_luc_away(no_pick_up=GRANNY)
    shown = (await agent.send_form(page_of(dossier, "/verifier"), **typed)).text
    assert f"{GUARDIAN.name} ne doit pas entrer en contact avec l’enfant." in shown
    assert f"L’accès de {GUARDIAN.name} à cet enfant se ferme" in shown
    assert f"{GRANNY} sort de la liste" in shown
    async with site.writing() as store:
        assert await store.court_rulings.of_dossier(dossier.id) == []
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
    assert access.ends_on is None


async def test_a_ruling_against_contact_shuts_the_other_guardian_out_at_once(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    await records(agent, dossier, **keeping_luc_away())
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 404
    async with site.writing() as store:
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
        (ruling,) = await store.court_rulings.of_dossier(dossier.id)
    assert access.stage(site.clock(), paris_day(site.clock())) is Stage.ENDED
    assert (access.reason_code, access.ruling_on) == ("ruling", ruling.decided_on)
    assert await lines(site, What.RULING_RECORDED) == [ruling.id]
    assert await lines(site, What.GUARDIAN_ENDED) == [access.id]


async def test_a_ruling_to_come_closes_on_its_day(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    luc = await site.signed_in(GUARDIAN)
    since = {"since_day": "25", "since_month": "11", "since_year": "2026"}
    await records(agent, dossier, **keeping_luc_away(**since))
    assert "À venir" in (await agent.get(page_of(dossier))).text
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    site.clock.waits(timedelta(days=2))
    luc, agent = await site.signed_in(GUARDIAN), await site.signed_in(AGENT)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 404
    assert "En vigueur" in (await agent.get(page_of(dossier))).text


async def test_who_has_authority_alone_stays_and_the_others_leave(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    typed = keeping_luc_away(authority=CLAIRE.name, residence=CLAIRE.name)
    del typed["no_contact"]
    shown = await records(agent, dossier, **typed)
    assert f"L’accès de {GUARDIAN.name}" in shown
    assert f"L’enfant habite chez {CLAIRE.name}." in shown
    async with site.writing() as store:
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
    assert access.reason_code == "authority"


async def test_a_ruling_against_whoever_holds_the_dossier_closes_nothing_by_itself(
    site: Site,
) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    shown = await records(agent, dossier, **keeping_luc_away(no_contact=CLAIRE.name))
    assert f"{CLAIRE.name} tient ce dossier" in shown
    claire = await site.signed_in(CLAIRE)
    assert (await claire.get(f"/dossiers/{dossier.id}")).status_code == 200


async def test_while_a_ruling_binds_only_staff_lets_another_guardian_in(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    agent, claire = await site.signed_in(AGENT), await site.signed_in(CLAIRE)
    typed = keeping_luc_away(other="Paul Inconnu")
    del typed["no_contact"]
    await records(agent, dossier, **typed)
    path = f"/dossiers/{dossier.id}/acces"
    await claire.opens(path)
    refused = await claire.send_form(path, email="paul@example.org")
    assert "appelez le service" in refused.text
    async with site.writing() as store:
        assert await store.guardian_accesses.of_dossier(dossier.id) == []
        (ruling,) = await store.court_rulings.of_dossier(dossier.id)
    await agent.opens(page_of(dossier))
    for _ in range(2):
        done = await agent.send_form(page_of(dossier, f"/{ruling.id}/fin"))
        assert done.status_code == 303
    assert await lines(site, What.RULING_ENDED) == [ruling.id]
    assert (await claire.send_form(path, email="paul@example.org")).status_code == 303


async def test_the_child_that_an_approval_makes_has_the_ruling_and_not_the_barred_contact(
    site: Site,
) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await records(agent, dossier, **keeping_luc_away(no_pick_up=GRANNY))
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        child_id = await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
        for _ in range(2):
            await store.court_rulings.bind(dossier.id, child_id, paris_day(site.clock()))
        (ruling,) = await store.court_rulings.of_child(child_id)
        (contact,) = await store.family_record.contacts_of(child_id, site.clock())
    assert ruling.child_id == child_id
    assert (contact.name, contact.may_pick_up) == (GRANNY, False)


async def test_another_dossier_of_the_family_chooses_the_child_and_knows_its_rulings(
    site: Site,
) -> None:
    ward = await a_ward(site)
    await is_shared(site, ward.dossier, GUARDIAN)
    claire, agent = await site.account(CLAIRE), await site.signed_in(AGENT)
    kind = replace(REGISTRATION, id="a" * 32, slug="changement", kind="change")
    async with site.writing() as store:
        await store.town.put_procedure(kind)
        later = await store.dossiers.open_new(kind, claire.id, site.clock())
        await store.dossiers.move(
            later.id, (State.DRAFT,), State.UNDER_REVIEW, site.clock(), submitted_at=site.clock()
        )
    shown = await records(agent, later, **keeping_luc_away())
    assert f"L’accès de {GUARDIAN.name}" in shown
    async with site.writing() as store:
        (ruling,) = await store.court_rulings.of_child(ward.id)
        (access,) = await store.guardian_accesses.of_dossier(ward.dossier.id)
    assert (ruling.child_id, ruling.dossier_id) == (ward.id, later.id)
    assert access.reason_code == "ruling"
    for dossier in (later, ward.dossier):
        assert "au sujet de Léna" in (await agent.get(page_of(dossier))).text


async def test_the_same_form_sent_twice_records_one_ruling(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await agent.opens(page_of(dossier))
    for _ in range(2):
        done = await agent.send_form(page_of(dossier), act_id="a" * 32, **keeping_luc_away())
        assert done.status_code == 303
    assert len(await lines(site, What.RULING_RECORDED)) == 1
    assert len(await lines(site, What.GUARDIAN_ENDED)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decided_month": "13"}, "Écrivez une date qui existe"),
        ({"decided_year": "2027"}, "Cette date est dans le futur"),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "Écrivez une date"),
        ({"until_day": "1", "until_month": "1", "until_year": "2020"}, "La fin vient avant"),
        ({"no_contact": "Personne de la liste"}, "Indiquez au moins une chose"),
        ({"authority": GUARDIAN.name}, "tenue à l’écart et décider seule"),
    ],
)
async def test_a_ruling_that_cannot_be_is_shown_again_with_all_that_was_typed(
    site: Site, changes: dict[str, str], said: str
) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await agent.opens(page_of(dossier))
    typed = keeping_luc_away(**changes)
    for rest in ("", "/verifier"):
        answer = await agent.send_form(page_of(dossier, rest), **typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{typed["decided_day"]}"' in answer.text
    assert await lines(site, What.RULING_RECORDED) == []


async def test_somebody_without_the_group_finds_no_page_and_leaves_a_line(site: Site) -> None:
    dossier = await a_shared_dossier(site)
    agent = await site.account(AGENT)
    async with site.writing() as store:
        await store.court_rulings.record(a_ruling(dossier, by=agent.id, at=site.clock()))
    clerk = await site.signed_in(CLERK)
    assert (await clerk.get(page_of(dossier))).status_code == 404
    (line,) = [one for one in await refusals(site) if one.endswith("/jugements")]
    assert line == "/agent/dossiers/{dossier_id}/jugements"
    for address in (f"/agent/dossiers/{dossier.id}", f"/agent/familles/{dossier.account_id}"):
        page = (await clerk.get(address)).text
        assert "jugements" not in page
        assert "Décisions de justice" not in page
    reader = await site.signed_in(AGENT)
    assert (await reader.get(page_of(dossier))).status_code == 200
    assert len(await lines(site, What.RULING_READ)) == 1


async def refusals(site: Site) -> list[str]:
    async with site.writing() as store:
        found = await store.journal.page(Search(what=What.NOT_ALLOWED.value), limit=50)
    return [str(one.detail["route"]) for one in found]


async def test_what_is_kept_of_a_ruling_is_sealed(site: Site) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await records(agent, dossier, **keeping_luc_away(other="Zygomorphe Inconnu"))
    kept = await site.everything_kept()
    assert len(kept["court_rulings"]) == 1
    every = "\n".join(row for rows in kept.values() for row in rows)
    assert "Zygomorphe" not in every
    assert Effect.NO_CONTACT.value not in every
