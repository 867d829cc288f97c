"""Staff that reads rulings ends the other parent's access, on a day, and gives it back."""

from datetime import timedelta

import pytest

from domain.audit import What
from domain.rights import FieldGroup
from domain.states import State
from storage.dossiers import Dossier
from tests.builders import Someone
from tests.families import a_sent_dossier
from tests.guardians import is_invited, is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, Browser, Site

NOW = {"when": "now", "reason": "ruling"}
STEPS = [
    What.GUARDIAN_INVITED,
    What.GUARDIAN_ACCEPTED,
    What.GUARDIAN_ENDED,
    What.GUARDIAN_GIVEN_BACK,
]
RULING = {"ruling_day": "2", "ruling_month": "11", "ruling_year": "2026"}


def place(dossier: Dossier) -> str:
    return f"/agent/dossiers/{dossier.id}/acces"


async def mails(site: Site) -> list[tuple[str, str, str]]:
    """Kind, address and words of what was mailed."""
    await site.errands_done()
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    return [(one.kind, one.to_address, one.text) for one in letters if one]


async def test_an_agent_who_reads_rulings_ends_an_access_at_once(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_shared(site, dossier, GUARDIAN)
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    page = await as_agent.opens(place(dossier))
    assert "Luc Garnier" in page.text
    done = await as_agent.send_form(place(dossier), access=access.id, **NOW, **RULING)
    assert done.status_code == 303
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 404
    shown = (await as_agent.get(place(dossier))).text
    assert "Accès fermé" in shown
    assert "décision de justice du lundi 2 novembre 2026" in shown
    assert "par Nadia Petit" in shown

    (mail,) = await mails(site)
    assert mail[:2] == ("guardian_access_ended", GUARDIAN.email)
    assert "justice" not in mail[2].lower(), "neutral words"
    assert "Claire" not in mail[2]


async def test_an_access_ends_on_a_day_and_is_given_back(site: Site, as_agent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_shared(site, dossier, GUARDIAN)
    on = {"ends_day": "1", "ends_month": "12", "ends_year": "2026"}
    form = {"access": access.id, "when": "day", "reason": "own_wish", **on}
    assert (await as_agent.send_form(place(dossier), **form)).status_code == 303
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    site.clock.waits(timedelta(days=8))
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 404
    agent = await site.signed_in(AGENT)
    for _ in range(2):
        await agent.send_form(f"{place(dossier)}/{access.id}/rendre")
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200
    kinds = [kind for kind, *_ in await mails(site)]
    assert kinds == ["guardian_access_ended", "guardian_access_back"]


async def test_an_invitation_that_waits_is_closed_without_a_word_to_anybody(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    await as_agent.send_form(place(dossier), access=access.id, when="now", reason="mistake")
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/invitations/{access.id}")).status_code == 404
    assert await mails(site) == []


async def test_an_invitation_sent_by_mistake_is_closed_and_the_right_address_invited(
    site: Site, as_parent: Browser, as_agent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_invited(site, dossier, GUARDIAN)
    await as_agent.send_form(place(dossier), access=access.id, when="now", reason="mistake")
    page = f"/dossiers/{dossier.id}/acces"
    assert (await as_parent.send_form(page, email=GUARDIAN.email)).status_code == 422
    assert (await as_parent.send_form(page, email="right@example.org")).status_code == 303
    assert [mail[:2] for mail in await mails(site)] == [
        ("guardian_invitation", "right@example.org")
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"when": "now", "reason": "own_wish", "access": "0" * 32}, "Choisissez la personne."),
        ({"reason": "own_wish"}, "Choisissez quand"),
        ({"when": "day", "reason": "own_wish"}, "Écrivez un jour à venir"),
        (
            {
                "when": "day",
                "reason": "own_wish",
                "ends_day": "1",
                "ends_month": "1",
                "ends_year": "2020",
            },
            "Écrivez un jour à venir",
        ),
        ({"when": "now"}, "Choisissez un motif."),
        ({"when": "now", "reason": "ruling"}, "Écrivez le jour de la décision"),
    ],
)
async def test_what_is_missing_is_said_and_what_was_typed_stays(
    site: Site, as_agent: Browser, typed: dict[str, str], words: str
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_shared(site, dossier, GUARDIAN)
    answer = await as_agent.send_form(place(dossier), **{"access": access.id, **typed})
    assert answer.status_code == 422
    assert words in answer.text
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200


async def test_who_does_not_read_rulings_finds_no_such_page(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access = await is_shared(site, dossier, GUARDIAN)
    desk = Someone(
        "accueil@v.example", "agent", "Accueil", "", "scolaire", fields=frozenset[FieldGroup]()
    )
    for who in (desk, NURSERY_AGENT, CLAIRE, GUARDIAN):
        browser = await site.signed_in(who)
        assert (await browser.get(place(dossier))).status_code == 404, who
        form = {"access": access.id, "when": "now", "reason": "mistake"}
        assert (await browser.send_form(place(dossier), **form)).status_code == 404, who
        back = f"{place(dossier)}/{access.id}/rendre"
        assert (await browser.send_form(back)).status_code == 404, who
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(f"/enfants/{dossier.id}")).status_code == 200


async def test_each_step_of_an_access_leaves_a_line_with_ids_and_codes_only(
    site: Site, as_parent: Browser, as_agent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await as_parent.send_form(f"/dossiers/{dossier.id}/acces", email=GUARDIAN.email)
    async with site.writing() as store:
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
    luc = await site.signed_in(GUARDIAN)
    birth = {"birth_date_day": "12", "birth_date_month": "03", "birth_date_year": "2023"}
    await luc.send_form(f"/enfants/invitations/{access.id}", **birth)
    await as_agent.send_form(place(dossier), access=access.id, **NOW, **RULING)
    await as_agent.send_form(f"{place(dossier)}/{access.id}/rendre")
    async with site.writing() as store:
        lines = await store.journal.of_dossier(
            dossier.id, [one for one in What if one.value.startswith("guardian_")]
        )
    lines = sorted(lines, key=lambda one: STEPS.index(What(one.what)))
    assert [What(one.what) for one in lines] == STEPS
    assert {one.subject for one in lines} == {access.id}
    claire, luc_, nadia = [await site.account(who) for who in (CLAIRE, GUARDIAN, AGENT)]
    assert [one.actor_id for one in lines] == [claire.id, luc_.id, nadia.id, nadia.id]
    assert lines[2].detail == {"reason": "ruling", "on": "2026-11-23"}
    assert GUARDIAN.email not in str(lines)
