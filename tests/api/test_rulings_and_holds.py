"""A ruling shuts out somebody whose objection, or signature, a decision waits for."""

from datetime import timedelta

from domain.holds import NOBODY_LEFT
from tests.api.test_rulings import a_shared_dossier, keeping_luc_away, records
from tests.site import AGENT, CLAIRE, GUARDIAN, Site


async def test_an_objection_and_a_signature_of_who_is_shut_out_wait_for_an_agent_alone(
    site: Site,
) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    luc = await site.account(GUARDIAN)
    async with site.writing() as store:
        await store.holds.object("objection", dossier.id, luc.id, site.clock())
        until = site.clock() + timedelta(days=21)
        await store.holds.ask_to_cosign(dossier.id, site.clock(), until)
    desk = f"/agent/dossiers/{dossier.id}"
    before = (await agent.opens(desk)).text
    assert "Appelez les deux parents" in before
    assert "Se passer de son accord" not in before
    shown = await records(agent, dossier, **keeping_luc_away())
    assert "Son désaccord suspend encore la décision" in shown
    assert "vous pouvez vous en passer depuis le dossier" in shown
    assert "Un courrier le lui dit, sans le motif." in shown
    after = (await agent.opens(desk)).text
    assert "Appelez les deux parents" not in after
    assert "Rien ne lui sera écrit" in after
    assert "le lira" not in after
    assert "Plus personne ne peut le donner" in after
    site.gateway.acts.clear()
    place = f"{desk}/accord/passer-outre"
    form = {"card": "1", "settle-1": "L’autorité est exercée seule.", "act_id": "b" * 32}
    assert (await agent.send_form(place, **form)).status_code == 303
    (act,) = site.gateway.acts
    assert (act.action, act.reason_code) == ("waive_cosignature", NOBODY_LEFT)


async def test_the_letter_to_who_is_shut_out_says_since_when_whom_to_ask_and_nothing_else(
    site: Site,
) -> None:
    dossier, agent = await a_shared_dossier(site), await site.signed_in(AGENT)
    await records(agent, dossier, **keeping_luc_away())
    luc = await site.account(GUARDIAN)
    async with site.writing() as store:
        written = [one for one in await store.letters.outbox() if one.account_id == luc.id]
        department = await store.town.department(dossier.department)
    (letter,) = [one for one in written if one.kind == "guardian_access_ended"]
    text = letter.text.replace("\u00a0", " ")
    assert "est fermé à partir du lundi 23 novembre 2026" in text
    assert department.phone.replace("\u00a0", " ") in text
    for word in ("justice", "jugement", "décision", "contact", CLAIRE.name, "Martin", "Lilas"):
        assert word not in text, word
