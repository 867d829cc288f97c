"""Approving several dossiers in one act: which are ready, and what becomes of each."""

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx2
import pytest

from domain.states import Action, State
from storage.documents import DOUBTFUL, Mark
from storage.dossiers import Dossier
from tests.api.office import Office, an_office, fields_of
from tests.reviews import a_document
from tests.site import NURSERY_AGENT, Site

LIST, ACT = "/agent/dossiers?file=prets-a-valider", "/agent/dossiers/valider"
_BOX = re.compile(r'name="dossier" value="([0-9a-f]{32})"')


@pytest.fixture
async def office(site: Site) -> Office:
    office = await an_office(site, "Léna", "Noé", "Inès")
    office.answers(Action.APPROVE, State.APPROVED)
    return office


async def ready(office: Office) -> Sequence[str]:
    """The dossiers with a box, by their ids."""
    return _BOX.findall((await office.agent.get(LIST)).text)


async def approves(office: Office, *dossiers: Dossier, **more: str) -> httpx2.Response:
    """Tick these dossiers on the list and send it."""
    fields = fields_of(await office.agent.opens(LIST), ACT)
    ticked = [("dossier", one.id) for one in dossiers]
    data: list[tuple[str, str | int | float | bool | None]] = [
        *{"csrf": office.agent.csrf, **fields, **more}.items(),
        *ticked,
    ]
    body = httpx2.QueryParams(data)
    return await office.agent.post(
        ACT,
        content=str(body),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


async def test_what_needs_no_look_is_counted_and_listed_with_a_box(office: Office) -> None:
    page = (await office.agent.get(LIST)).text
    assert "Prêts à valider : 3\u00a0dossiers" in page
    assert len(_BOX.findall(page)) == 3
    assert "Nouvelle demande" in page


async def test_several_are_approved_in_one_act_each_with_a_line_of_its_own(
    office: Office,
) -> None:
    answer = await approves(office, *office.dossiers[:2])
    assert "2\u00a0dossiers validés" in answer.text
    assert answer.text.count("Validé.") == 2
    acts = [act for act in office.site.gateway.acts if act.action == Action.APPROVE]
    assert {act.dossier_id for act in acts} == {one.id for one in office.dossiers[:2]}
    assert len({act.id for act in acts}) == 2


async def test_nothing_ticked_does_nothing(office: Office) -> None:
    assert "Aucun dossier n’était coché." in (await approves(office)).text


async def test_the_same_form_sent_twice_approves_once(office: Office) -> None:
    fields = fields_of(await office.agent.opens(LIST), ACT)
    for _ in range(2):
        data = {"csrf": office.agent.csrf, **fields, "dossier": office.first.id}
        assert "1\u00a0dossier validé" in (await office.agent.post(ACT, data=data)).text
    async with office.site.writing() as store:
        given = await store.acts.waiting_in(office.first.id)
    assert len({act.id for act in office.site.gateway.acts}) == 1
    assert len(given) <= 1


async def test_whatever_needs_a_look_is_not_ready(office: Office) -> None:
    lena, noe, ines = office.dossiers
    at = office.site.clock() - timedelta(days=9)
    await office.gives(a_document(lena, "proof_of_address", at, status=DOUBTFUL))
    async with office.site.writing() as store:
        mark = Mark("child_identity", "replace", "unreadable", "", noe.account_id, at)
        await store.documents.mark(noe.id, mark)
    assert await ready(office) == [ines.id]


async def test_a_doubt_that_an_agent_has_settled_is_none(office: Office) -> None:
    lena, at = office.first, office.site.clock() - timedelta(days=9)
    await office.gives(a_document(lena, "proof_of_address", at, status=DOUBTFUL))
    assert lena.id not in await ready(office)
    await office.marks(lena, "proof_of_address")
    assert lena.id in await ready(office)


async def test_a_complement_a_request_and_an_objection_call_for_a_person(
    office: Office,
) -> None:
    lena, noe, ines = office.dossiers
    at = office.site.clock()
    await office.gives(a_document(lena, "child_identity", at))
    async with office.site.writing() as store:
        await store.requests.add(noe.id, asked_at=at, until=at, items=[])
        await store.requests.cancel(noe.id, at)
        await store.holds.object("objection", ines.id, ines.account_id, at)
    assert await ready(office) == []


async def test_what_changed_since_the_list_was_made_is_left_and_said(office: Office) -> None:
    fields = fields_of(await office.agent.opens(LIST), ACT)
    at = office.site.clock()
    await office.gives(
        a_document(office.dossiers[1], "child_identity", at - timedelta(days=9), status=DOUBTFUL)
    )
    async with office.site.writing() as store:
        await store.dossiers.note_change(office.dossiers[2].id)
    body = httpx2.QueryParams(
        [
            *{"csrf": office.agent.csrf, **fields}.items(),
            *(("dossier", one.id) for one in office.dossiers),
        ]
    )
    answer = await office.agent.post(
        ACT, content=str(body), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert "1\u00a0dossier validé" in answer.text
    assert "Un document est à regarder." in answer.text
    assert "La famille l’a modifié depuis" in answer.text


async def test_somebody_elses_department_is_not_there(office: Office) -> None:
    stranger = await office.site.signed_in(NURSERY_AGENT)
    data = {"csrf": stranger.csrf, "dossier": office.first.id}
    assert (await stranger.post(ACT, data=data)).status_code == 404


async def test_what_a_dossier_changes_is_told_in_the_list(office: Office) -> None:
    lena, noe, _ = office.dossiers
    async with office.site.writing() as store:
        for dossier, street in ((lena, "12 rue des Lilas"), (noe, "3 quai Vieux")):
            known = {
                **await store.dossiers.answers(dossier.id),
                "adresse": {"street": street, "postal_code": "01000", "city": "Valbourg"},
            }
            await store.dossiers.keep_beginning(dossier, known, office.site.clock())
    page = (await office.agent.get(LIST)).text
    assert "rien n’a changé" in page
    assert "1\u00a0réponse changée" in page
