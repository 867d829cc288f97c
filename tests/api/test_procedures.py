"""An admin sets the rule of a procedure from a day on; dossiers that are open keep theirs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.audit import What
from domain.deadlines import Delay, SilenceRule, Validation, paris_day
from storage.dossiers import Dossier
from storage.records import new_id
from tests.living_town import VOUS
from tests.site import ADMIN, CLAIRE, Browser, Site

HERE = "/admin/demarches/inscription-scolaire"
RULE = {
    "silence_rule": "rejection",
    "delay": "4",
    "unit": "months",
    "basis": "article L231-4 (essai)",
    "alerts": "14, 2",
    "complement": "20",
    "validation": "automatic",
    "cosign": "21",
}


def on(day: date) -> str:
    return f"{day:%d/%m/%Y}"


async def sets(admin: Browser, day: date, **changes: str) -> None:
    """The rule is typed, looked at, and set, as an admin would."""
    typed = {**RULE, **changes, "effective_from": on(day)}
    await admin.opens(HERE)
    looked = await admin.send_form(HERE, **typed)
    assert "Avant d’enregistrer" in looked.text
    assert (await admin.send_form(HERE, **typed, then="set")).status_code == 303


async def begun(site: Site) -> Dossier:
    """Claire begins a dossier on the page where families do."""
    claire = await site.signed_in(CLAIRE)
    first_page = "/inscription/inscription-scolaire/vous"
    await claire.opens(first_page)
    answer = await claire.send_form(first_page, **VOUS, act_id=new_id())
    owner = await site.account(CLAIRE)
    async with site.writing() as store:
        found = await store.dossiers.of_account(owner.id)
    assert found, answer.text
    return max(found, key=lambda one: one.number)


async def test_a_dossier_takes_the_rule_of_the_day_it_is_opened_and_keeps_it(site: Site) -> None:
    admin, today = await site.signed_in(ADMIN), paris_day(site.clock())
    before = await begun(site)
    await sets(admin, today + timedelta(days=10))
    assert (await begun(site)).terms == before.terms
    site.clock.waits(timedelta(days=10))
    admin = await site.signed_in(ADMIN)
    after = (await begun(site)).terms
    assert (after.silence_rule, after.silence_delay) == (SilenceRule.REJECTION, Delay(months=4))
    assert (after.validation, after.cosign_within) == (Validation.AUTOMATIC, Delay(days=21))
    assert after.silence_alerts == (Delay(days=14), Delay(days=2))
    async with site.writing() as store:
        assert (await store.dossiers.find(before.id)).terms == before.terms


async def test_a_rule_is_looked_at_in_the_words_of_the_families_before_it_is_set(
    site: Site,
) -> None:
    admin, today = await site.signed_in(ADMIN), paris_day(site.clock())
    await admin.opens(HERE)
    page = await admin.send_form(HERE, **RULE, effective_from=on(today))
    assert "votre demande sera refusée (article L231-4 (essai))" in page.text.replace("\xa0", " ")
    assert "l’accord de l’autre parent, avant la fin du" in page.text
    async with site.writing() as store:
        procedure = await store.town.procedure(slug="inscription-scolaire")
        assert await store.procedure_rules.of(procedure.id) == []


async def test_the_past_is_not_ruled(site: Site) -> None:
    admin, today = await site.signed_in(ADMIN), paris_day(site.clock())
    await admin.opens(HERE)
    for then in ({}, {"then": "set"}):
        yesterday = on(today - timedelta(days=1))
        page = await admin.send_form(HERE, **RULE, effective_from=yesterday, **then)
        assert page.status_code == 422
        assert "Une règle ne vaut pas pour le passé" in page.text
        assert RULE["basis"] in page.text  # nothing typed is lost


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("effective_from", "31/02/2027"),
        ("silence_rule", "peut-être"),
        ("delay", "13"),
        ("delay", "deux"),
        ("basis", " "),
        ("alerts", "21, bientôt"),
        ("complement", "0"),
        ("validation", ""),
        ("cosign", "-3"),
    ],
)
async def test_what_cannot_be_a_rule_is_said_beside_its_field(
    site: Site, name: str, typed: str
) -> None:
    admin = await site.signed_in(ADMIN)
    await admin.opens(HERE)
    tomorrow = on(paris_day(site.clock()) + timedelta(days=1))
    page = await admin.send_form(HERE, **{"effective_from": tomorrow, **RULE, name: typed})
    assert page.status_code == 422
    assert f'id="{name}-error"' in page.text


async def test_of_two_rules_for_one_day_the_last_counts_and_both_stay_to_be_read(
    site: Site,
) -> None:
    admin, today = await site.signed_in(ADMIN), paris_day(site.clock())
    day = today + timedelta(days=3)
    await sets(admin, day, delay="4")
    site.clock.waits(timedelta(minutes=1))
    await sets(admin, day, delay="3")
    page = await admin.opens(HERE)
    assert page.text.count("Enregistrée par Ana Lopes") == 2
    assert "Remplacée" in page.text
    assert "À venir" in page.text
    async with site.writing() as store:
        procedure = await store.town.procedure(slug="inscription-scolaire")
        known = await store.procedure_rules.today(procedure, day)
        assert known.terms.silence_delay == Delay(months=3)
        assert await store.procedure_rules.today(procedure, today) == procedure
    lines = (await site.everything_kept())["audit_log"]
    assert sum("rule_set" in line for line in lines) == 2


async def test_the_same_form_twice_sets_one_rule(site: Site) -> None:
    admin, today = await site.signed_in(ADMIN), paris_day(site.clock())
    await admin.opens(HERE)
    for _ in range(2):
        form = {**RULE, "effective_from": on(today), "act_id": "a" * 32, "then": "set"}
        assert (await admin.send_form(HERE, **form)).status_code == 303
    async with site.writing() as store:
        procedure = await store.town.procedure(slug="inscription-scolaire")
        (rule,) = await store.procedure_rules.of(procedure.id)
    assert replace(rule.terms, silence_basis="") != replace(procedure.terms, silence_basis="")


async def test_the_list_says_each_rule_and_the_next_day_it_changes(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    await sets(admin, paris_day(site.clock()) + timedelta(days=40))
    page = await admin.opens("/admin/demarches")
    assert "La demande est acceptée, au bout de 2\u00a0mois" in page.text
    assert "2\u00a0janv." in page.text or "janvier" in page.text


async def test_an_admin_makes_the_usual_procedures_that_are_missing_once(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    page = (await admin.opens("/admin/demarches")).text
    assert "Actualisation 2026-2027" in page
    for _ in range(2):
        answer = await admin.send_form("/admin/demarches", department="scolaire")
        assert answer.status_code == 303
    admin_id = (await site.account(ADMIN)).id
    async with site.writing() as store:
        made = await store.town.procedure(slug="actualisation-2026-2027")
        asked = len(await store.town.procedures_of_kind("actualisation"))
        told = await store.audit.count(
            What.PROCEDURES_MADE, actor_id=admin_id, since=site.clock() - timedelta(days=1)
        )
    assert (made.is_open, made.department, asked) == (False, "scolaire", 1)
    assert told == 1
    assert "Démarches habituelles qui manquent" not in (await admin.opens("/admin/demarches")).text
    assert (await admin.send_form("/admin/demarches", department="nulle-part")).status_code == 404


async def test_what_a_town_has_set_is_left_as_it_is(site: Site) -> None:
    async with site.writing() as store:
        phone = await store.town.procedure(slug="changer-coordonnees")
        await store.town.put_procedure(replace(phone, title="À notre façon", is_open=False))
    admin = await site.signed_in(ADMIN)
    await admin.opens("/admin/demarches")
    await admin.send_form("/admin/demarches", department="creche")
    async with site.writing() as store:
        kept = await store.town.procedure(slug="changer-coordonnees")
    assert (kept.title, kept.is_open, kept.department) == ("À notre façon", False, "scolaire")
