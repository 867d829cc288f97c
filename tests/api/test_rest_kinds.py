"""The facade for what a family looks at again or changes: opened filled in, confirmed, sent."""

from dataclasses import replace
from uuid import uuid4

from domain.audit import What
from domain.deadlines import paris_day
from domain.kinds.change_subjects import Subject, slug_of
from domain.messages import Outcome
from domain.states import Action, State
from domain.texts import Code
from storage.dossiers import Dossier
from tests.actualising import UPDATE, a_whole_family, is_offered
from tests.doors import lines_of
from tests.family_file import the_child
from tests.programs import Program, a_program
from tests.site import ADMIN, AGENT, CLAIRE, OTHER_PARENT, Site


async def opened(site: Site, program: Program) -> dict[str, object]:
    """An actualisation, opened by this program; what it is told."""
    await is_offered(site)
    answer = await program.acts("/dossiers", {"procedure": UPDATE.slug})
    assert answer.status_code == 201, answer.text
    told: dict[str, object] = answer.json()
    return told


async def test_an_actualisation_is_opened_with_what_the_town_knows_and_only_once(
    site: Site,
) -> None:
    await a_whole_family(site)
    program = await a_program(site, CLAIRE)
    told = await opened(site, program)
    again = await program.acts("/dossiers", {"procedure": UPDATE.slug}, key=str(uuid4()))
    assert again.json()["id"] == told["id"]
    assert told["kind"] == "actualisation"
    pages = (await program.reads(f"/dossiers/{told['id']}/answers")).json()["pages"]
    assert {"vous", "foyer", "enfants", "ecole-1"} <= {one["code"] for one in pages}
    foyer = next(one for one in pages if one["code"] == "foyer")
    assert any(one["value"] == "12 rue des Lilas" for one in foyer["answers"])


async def test_a_family_that_the_town_does_not_know_is_told_to_begin_elsewhere(
    site: Site,
) -> None:
    await is_offered(site)
    program = await a_program(site, OTHER_PARENT)
    answer = await program.acts("/dossiers", {"procedure": UPDATE.slug})
    assert answer.status_code == 422
    assert "commencez par une inscription" in answer.text


async def test_pages_are_confirmed_changed_and_then_sent(site: Site) -> None:
    await a_whole_family(site)
    program = await a_program(site, CLAIRE)
    dossier_id = str((await opened(site, program))["id"])
    seen = (await program.reads(f"/dossiers/{dossier_id}")).json()["version"]
    early = await program.acts(f"/dossiers/{dossier_id}/submit", seen=seen)
    assert early.status_code == 422
    place = f"/dossiers/{dossier_id}/confirmations"
    one = await program.acts(place, {"pages": ["vous"]}, seen=seen, method="PUT")
    assert one.status_code == 200, one.text
    assert [done["page"] for done in one.json()["confirmed"]] == ["vous"]
    assert "vous" not in one.json()["unconfirmed"]
    changed = await program.changes(dossier_id, seen, vous={"phone": "06 98 76 54 32"})
    assert changed.status_code == 200, changed.text
    stale = await program.acts(place, {"pages": []}, seen=seen, method="PUT")
    assert stale.status_code == 412
    seen = changed.json()["version"]
    every = await program.acts(place, {"pages": []}, seen=seen, method="PUT")
    assert every.json()["unconfirmed"] == []
    accepted = await program.changes(dossier_id, seen, reglement={"accepted": "yes"})
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.UNDER_REVIEW)
    seen = accepted.json()["version"]
    sent = await program.acts(f"/dossiers/{dossier_id}/submit", seen=seen)
    assert (sent.status_code, sent.json()["outcome"]) == (200, "applied"), sent.text


async def publishes(site: Site, after: int) -> str:
    """The town publishes house rules that count from today; the id of their version."""
    admin = await site.account(ADMIN)
    async with site.writing() as store:
        text = await store.texts.publish(
            Code.HOUSE_RULES,
            after=after,
            title="Règlement intérieur",
            body="On ne court pas.",
            effective_from=paris_day(site.clock()),
            by=admin.id,
            at=site.clock(),
        )
    assert text is not None
    return text.id


async def accepted(site: Site) -> list[tuple[str, str | None]]:
    """What Claire has accepted, with the dossier it came with."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        found = await store.texts.accepted_by(claire.id)
    return [(one.text_id, one.dossier_id) for one in found]


async def test_who_sends_by_a_program_accepts_the_house_rules_as_on_a_page(site: Site) -> None:
    await a_whole_family(site)
    program = await a_program(site, CLAIRE)
    first, dossier_id = await publishes(site, 0), str((await opened(site, program))["id"])
    seen = (await program.reads(f"/dossiers/{dossier_id}")).json()["version"]
    place = f"/dossiers/{dossier_id}/confirmations"
    await program.acts(place, {"pages": []}, seen=seen, method="PUT")
    not_said = await program.acts(f"/dossiers/{dossier_id}/submit", seen=seen)
    assert not_said.status_code == 422
    assert "accepter le règlement intérieur" in not_said.text
    said = await program.changes(dossier_id, seen, reglement={"accepted": "yes"})
    assert await accepted(site) == []
    second = await publishes(site, 1)
    newer = await program.acts(f"/dossiers/{dossier_id}/submit", seen=said.json()["version"])
    assert newer.status_code == 422
    assert "a changé entre-temps" in newer.text
    assert await accepted(site) == []
    said = await program.changes(
        dossier_id, said.json()["version"], reglement={"accepted": "yes", "version": first}
    )
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.UNDER_REVIEW)
    sent = await program.acts(f"/dossiers/{dossier_id}/submit", seen=said.json()["version"])
    assert sent.status_code == 200, sent.text
    assert await accepted(site) == [(second, dossier_id)]
    assert len(await lines_of(site, What.TEXT_ACCEPTED)) == 1


async def test_what_the_portal_writes_and_pages_that_are_not_there_cannot_be_sent(
    site: Site,
) -> None:
    await a_whole_family(site)
    program = await a_program(site, CLAIRE)
    dossier_id = str((await opened(site, program))["id"])
    seen = (await program.reads(f"/dossiers/{dossier_id}")).json()["version"]
    stolen = await program.changes(dossier_id, seen, enfants={"child_1": "f" * 32})
    assert "f" * 32 not in stolen.text
    answer = await program.changes(dossier_id, seen, **{"ecole-7": {"grade": "cp"}})
    assert answer.status_code == 422
    wrong = await program.acts(
        f"/dossiers/{dossier_id}/confirmations", {"pages": ["ailleurs"]}, seen=seen, method="PUT"
    )
    assert wrong.status_code == 422


async def a_change(site: Site, program: Program, subject: Subject, **about: str) -> Dossier:
    """A change of this subject, opened by this program."""
    procedure = replace(UPDATE, id="c" * 32, slug=slug_of(subject), kind="change", title="Changer")
    async with site.writing() as store:
        await store.town.put_procedure(procedure)
    answer = await program.acts("/dossiers", {"procedure": procedure.slug, **about})
    assert answer.status_code == 201, answer.text
    async with site.writing() as store:
        return await store.dossiers.find(answer.json()["id"])


async def test_a_change_is_opened_as_it_is_known_changed_and_sent(site: Site) -> None:
    await a_whole_family(site)
    program = await a_program(site, CLAIRE)
    dossier = await a_change(site, program, Subject.CONTACT_DETAILS)
    (page,) = (await program.reads(f"/dossiers/{dossier.id}/answers")).json()["pages"]
    assert (page["code"], page["answers"][0]["value"]) == ("coordonnees", "06 12 34 56 78")
    other_page = await program.changes(dossier.id, dossier.version, garde={"words": "à moi"})
    assert other_page.status_code == 422
    changed = await program.changes(
        dossier.id, dossier.version, coordonnees={"phone": "06 98 76 54 32"}
    )
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.UNDER_REVIEW)
    sent = await program.acts(f"/dossiers/{dossier.id}/submit", seen=changed.json()["version"])
    assert sent.status_code == 200, sent.text
    async with site.writing() as store:
        before = await store.dossiers.beginning(dossier.id)
    assert before is not None
    assert before["coordonnees"]["phone"] == "06 12 34 56 78"


async def test_a_change_of_a_child_names_a_child_of_the_family(site: Site) -> None:
    await a_whole_family(site)
    lena, program = await the_child(site), await a_program(site, CLAIRE)
    dossier = await a_change(site, program, Subject.SCHOOL, child=lena.id)
    pages = (await program.reads(f"/dossiers/{dossier.id}/answers")).json()["pages"]
    assert [one["code"] for one in pages] == ["ecole"]
    for about in ({}, {"child": "f" * 32}):
        body = {"procedure": slug_of(Subject.SCHOOL), **about}
        answer = await program.acts("/dossiers", body)
        assert answer.status_code == 422
        assert "Nommez un enfant" in answer.text


async def test_a_family_procedure_takes_no_child(site: Site) -> None:
    await a_whole_family(site)
    lena, program = await the_child(site), await a_program(site, CLAIRE)
    body = {"procedure": "inscription-scolaire", "child": lena.id}
    assert (await program.acts("/dossiers", body)).status_code == 422


async def test_a_procedure_tells_the_pages_of_one_child(site: Site) -> None:
    await is_offered(site)
    program = await a_program(site, CLAIRE)
    told = (await program.reads(f"/procedures/{UPDATE.slug}")).json()
    codes = [one["code"] for one in told["pages"]]
    assert "ecole-1" in codes
    assert "ecole-2" not in codes
    pieces = [one["code"] for one in told["pieces"]]
    assert "school_insurance_1" in pieces
    assert "school_insurance_2" not in pieces


async def test_an_agents_program_confirms_nothing_for_a_family(site: Site) -> None:
    await a_whole_family(site)
    family = await a_program(site, CLAIRE)
    dossier_id = str((await opened(site, family))["id"])
    program = await a_program(site, AGENT)
    answer = await program.acts(
        f"/dossiers/{dossier_id}/confirmations", {"pages": []}, seen=1, method="PUT"
    )
    assert answer.status_code in {403, 404}
