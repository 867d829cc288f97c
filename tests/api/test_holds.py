"""Two guardians who do not agree: what each may say, and what an agent reads and settles."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.deadlines import Delay, end_of_day, paris_day
from domain.states import Actor, State
from storage.dossiers import Dossier
from storage.records import new_id
from storage.town import TERMS
from tests.builders import REGISTRATION
from tests.families import a_sent_dossier
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, OTHER_PARENT, Site

WORDS = "Le canari de Luc chante faux."


async def a_shared_dossier(site: Site) -> Dossier:
    """Sent by Claire, followed by Luc."""
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    return dossier


async def luc_objects(site: Site, dossier: Dossier) -> str:
    """He objected, and the engine heard it: the id of his account."""
    luc = await site.account(GUARDIAN)
    browser = await site.signed_in(GUARDIAN)
    act_id, place = new_id(), f"/enfants/{dossier.id}/desaccord"
    await browser.opens(place)
    await browser.send_form(place, words=WORDS, act_id=act_id)
    async with site.writing() as store:
        await store.acts.settle(act_id, "applied", site.clock())
        await store.holds.object(act_id, dossier.id, luc.id, site.clock())
        await store.dossiers.refresh_due(dossier.id)
    return luc.id


async def is_asked_to_sign(site: Site, dossier: Dossier, until: datetime) -> None:
    """The dossier waits for the other guardian's signature."""
    async with site.writing() as store:
        await store.holds.ask_to_cosign(dossier.id, site.clock(), until)
        await store.dossiers.refresh_due(dossier.id)


async def test_the_other_guardian_objects_in_two_pages_and_once(site: Site) -> None:
    dossier = await a_shared_dossier(site)
    luc = await site.signed_in(GUARDIAN)
    child = await luc.opens(f"/enfants/{dossier.id}")
    assert "Si vous êtes d’accord, vous n’avez rien à faire" in child.text
    page = await luc.opens(f"/enfants/{dossier.id}/desaccord")
    assert "Il ne lira pas ce que vous écrivez ici" in page.text
    form = {"words": WORDS, "act_id": new_id()}
    for _ in range(2):
        sent = await luc.send_form(f"/enfants/{dossier.id}/desaccord", **form)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/enfants/{dossier.id}")
    account = await site.account(GUARDIAN)
    given = {act.id: act for act in site.gateway.acts}
    (act,) = given.values()
    assert (act.action, act.actor, act.subject) == ("object", "guardian", account.id)
    assert (act.actor_id, act.words) == (account.id, WORDS)


async def test_what_the_other_guardian_wrote_is_read_by_the_town_and_by_nobody_else(
    site: Site,
) -> None:
    dossier = await a_shared_dossier(site)
    await luc_objects(site, dossier)
    agent = await site.signed_in(AGENT)
    desk = (await agent.get(f"/agent/dossiers/{dossier.id}")).text
    assert WORDS in desk
    assert "Luc Garnier l’a dit le" in desk
    assert "rien ne se décide avant que ce soit réglé" in desk
    assert "Refuser le dossier" not in desk
    assert "L’autre parent n’est pas d’accord" in (await agent.get("/agent/dossiers")).text
    assert "les deux parents ne sont pas d’accord" in (await agent.get("/agent")).text
    claire = await site.signed_in(CLAIRE)
    for place in ("/accueil", f"/dossiers/{dossier.id}", f"/dossiers/{dossier.id}/acces"):
        page = await claire.get(place)
        assert page.status_code == 200
        assert "canari" not in page.text
        assert "Luc" not in page.text or place.endswith("/acces")
    luc = await site.signed_in(GUARDIAN)
    own = (await luc.get(f"/enfants/{dossier.id}")).text
    assert "Vous avez dit que vous n’êtes pas d’accord" in own
    assert (await luc.get(f"/enfants/{dossier.id}/desaccord")).status_code == 303


async def test_nobody_else_objects_or_signs(site: Site) -> None:
    dossier = await a_shared_dossier(site)
    for who in (CLAIRE, OTHER_PARENT, AGENT):
        browser = await site.signed_in(who)
        assert (await browser.get(f"/enfants/{dossier.id}/desaccord")).status_code == 404
        for act in ("desaccord", "desaccord/lever", "accord"):
            place = f"/enfants/{dossier.id}/{act}"
            assert (await browser.send_form(place, act_id=new_id())).status_code == 404
    assert site.gateway.acts == []


async def test_an_agent_settles_an_objection_with_words_for_whoever_made_it(site: Site) -> None:
    dossier = await a_shared_dossier(site)
    luc = await luc_objects(site, dossier)
    site.gateway.acts.clear()
    agent = await site.signed_in(AGENT)
    place = f"/agent/dossiers/{dossier.id}/desaccord/lever"
    form = {"guardian": luc, "card": "1", "act_id": new_id()}
    await agent.opens(f"/agent/dossiers/{dossier.id}")
    wrong = await agent.send_form(place, **form, **{"settle-1": "  "})
    assert wrong.status_code == 422
    assert "Dites à l’autre parent comment ce désaccord est réglé" in wrong.text
    done = await agent.send_form(place, **form, **{"settle-1": "Réglé au téléphone."})
    assert done.status_code == 303
    (act,) = site.gateway.acts
    assert (act.action, act.actor, act.subject) == ("lift_objection", "agent", luc)
    assert act.words == "Réglé au téléphone."


async def test_an_approval_is_refused_while_a_guardian_objects_and_says_why(site: Site) -> None:
    dossier = await a_shared_dossier(site)
    await luc_objects(site, dossier)
    agent = await site.signed_in(AGENT)
    page = await agent.opens(f"/agent/dossiers/{dossier.id}")
    version = page.text.split('name="version" value="')[1].split('"')[0]
    site.gateway.acts.clear()
    for place in ("valider", "refuser"):
        answer = await agent.send_form(
            f"/agent/dossiers/{dossier.id}/{place}",
            version=version,
            act_id=new_id(),
            reason="other",
            words="Non.",
        )
        assert answer.status_code in (409, 422)
        assert "suspendue" in answer.text or "désaccord" in answer.text or answer.status_code == 422
    assert site.gateway.acts == []


async def test_a_signature_is_given_by_the_guardian_and_waived_by_an_agent_only_afterwards(
    site: Site,
) -> None:
    dossier = await a_shared_dossier(site)
    until = end_of_day(paris_day(site.clock()) + timedelta(days=21))
    await is_asked_to_sign(site, dossier, until)
    luc = await site.signed_in(GUARDIAN)
    page = await luc.opens(f"/enfants/{dossier.id}")
    assert "Cette démarche demande l’accord des deux parents" in page.text
    await luc.send_form(f"/enfants/{dossier.id}/accord", act_id=new_id())
    assert [act.action for act in site.gateway.acts] == ["cosign"]
    agent = await site.signed_in(AGENT)
    desk = await agent.opens(f"/agent/dossiers/{dossier.id}")
    assert "L’accord de l’autre parent manque" in desk.text
    assert "Se passer de son accord" not in desk.text
    place = f"/agent/dossiers/{dossier.id}/accord/passer-outre"
    form = {"card": "1", "settle-1": "Injoignable.", "act_id": new_id()}
    early = await agent.send_form(place, **form)
    assert early.status_code == 409
    assert "L’autre parent a encore le temps de répondre" in early.text
    site.clock.waits(timedelta(days=22))
    agent = await site.signed_in(AGENT)
    assert "Se passer de son accord" in (await agent.opens(f"/agent/dossiers/{dossier.id}")).text
    assert (await agent.send_form(place, **form)).status_code == 303
    async with site.writing() as store:
        kept = [act.action for act in await store.acts.waiting_in(dossier.id)]
    assert kept == ["cosign", "waive_cosignature"]


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        (GUARDIAN.email, ""),
        ("luc.autrefois@exemple.fr", "La famille avait indiqué une autre adresse mail"),
        ("", "La famille n’avait pas donné son adresse mail"),
    ],
)
async def test_an_agent_reads_who_signed_and_whether_the_family_had_named_them(
    site: Site, said: str, doubt: str
) -> None:
    """Whoever invites chooses the address: somebody might invite themselves."""
    both_sign = replace(REGISTRATION.terms, cosign_within=Delay(days=21))
    terms = TERMS.dump_python(both_sign, mode="json")
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW, terms=terms)
    await is_shared(site, dossier, GUARDIAN)
    await is_asked_to_sign(site, dossier, site.clock() + timedelta(days=21))
    luc = await site.account(GUARDIAN)
    other = {"has_other": "yes", "first_name": "Luc", "last_name": "Garnier", "email": said}
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "autre-parent", other, site.clock())
        await store.holds.sign(dossier.id, luc.id, site.clock())
    agent = await site.signed_in(AGENT)
    desk = (await agent.get(f"/agent/dossiers/{dossier.id}")).text
    assert "Luc Garnier a donné son accord le lundi 23 novembre 2026." in desk
    assert "L’accord de l’autre parent manque" not in desk
    assert ("Assurez-vous que c’est bien l’autre parent." in desk) == bool(doubt)
    assert doubt in desk


async def test_the_family_reads_what_the_decision_waits_for(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    claire = await site.signed_in(CLAIRE)

    async def reads_after(what: str, **detail: str) -> str:
        async with site.writing() as store:
            await store.events.add(
                dossier.id,
                f"act:{new_id()}",
                at=site.clock(),
                what=what,
                actor=Actor.PORTAL,
                actor_id=None,
                state=State.UNDER_REVIEW,
                detail=detail,
            )
        page = (await claire.get(f"/dossiers/{dossier.id}")).text
        return page.partition("Avant la décision")[2].partition("</div>")[0]

    asked = await reads_after("submit", sign_until="2026-12-15T23:00:00+00:00")
    assert "attendu avant la fin du mardi 15 décembre 2026" in asked
    assert "la décision est suspendue" in await reads_after("object")
    assert "L’accord de l’autre parent est attendu" in await reads_after("lift_objection")
    assert not await reads_after("cosign")


async def test_a_silent_acceptance_has_its_attestation_and_nothing_else_has(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    claire = await site.signed_in(CLAIRE)
    place = f"/dossiers/{dossier.id}/attestation"
    assert (await claire.get(place)).status_code == 303
    for basis, status in (("decision", 303), ("rule", 303), ("silence", 200)):
        async with site.writing() as store:
            await store.dossiers.move(
                dossier.id,
                State,
                State.APPROVED,
                site.clock(),
                decided_at=site.clock(),
                decision_basis=basis,
            )
        page = await claire.get(place)
        assert page.status_code == status
    for words in ("Article L232-3", "lundi 23 novembre 2026", REGISTRATION.title, "2\u00a0mois"):
        assert words in page.text
    assert place in (await claire.get(f"/dossiers/{dossier.id}")).text
    other = await site.signed_in(OTHER_PARENT)
    assert (await other.get(place)).status_code == 404
