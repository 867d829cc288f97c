"""The town's people in storage: second factors, recovery codes, absences, an access that closes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.rights import Duty, FieldGroup
from storage.absences import Absence
from storage.records import new_id
from storage.sealed import CannotUnsealError
from storage.tables import access_links, second_factors
from tests.storage.conftest import NOW, Valbourg

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
A_DAY = timedelta(days=1)


async def test_a_secret_is_asked_for_once_a_code_has_proven_it(valbourg: Valbourg) -> None:
    sophie = valbourg.sophie.id
    async with valbourg.open_store() as store:
        assert await store.second_factors.of(sophie) is None
        await store.second_factors.begin(sophie, SECRET)
        assert not await store.second_factors.is_proven(sophie)
        assert await store.second_factors.proven() == frozenset()
        await store.second_factors.prove(sophie, SECRET, 7, NOW)
        assert await store.second_factors.is_proven(sophie)
        await store.second_factors.begin(sophie, "other")
        factor = await store.second_factors.of(sophie)
    assert factor is not None
    assert (factor.secret, factor.pending, factor.last_step) == (SECRET, "other", 7)


async def test_a_step_serves_once_and_none_before_it(valbourg: Valbourg) -> None:
    sophie = valbourg.sophie.id
    async with valbourg.open_store() as store:
        await store.second_factors.begin(sophie, SECRET)
        await store.second_factors.prove(sophie, SECRET, 100, NOW)
        used = [await store.second_factors.use_step(sophie, n) for n in (100, 99, 101, 101, 100)]
    assert used == [False, False, True, False, False]


async def test_a_secret_copied_to_another_account_does_not_open(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        for one in (valbourg.sophie, valbourg.karim):
            await store.second_factors.begin(one.id, SECRET)
        of_sophie = select(second_factors.c.pending).where(
            second_factors.c.account_id == valbourg.sophie.id
        )
        sealed = (await store.connection.execute(of_sophie)).scalar_one()
        assert SECRET not in sealed
        await store.connection.execute(
            update(second_factors)
            .where(second_factors.c.account_id == valbourg.karim.id)
            .values(pending=sealed)
        )
    with pytest.raises(CannotUnsealError, match="seal_broken"):
        async with valbourg.open_store() as store:
            await store.second_factors.of(valbourg.karim.id)


async def test_a_recovery_code_is_of_one_account_and_serves_once(valbourg: Valbourg) -> None:
    sophie, karim = valbourg.sophie.id, valbourg.karim.id
    async with valbourg.open_store() as store:
        await store.second_factors.replace_codes(sophie, ["a" * 64, "b" * 64], NOW)
        assert not await store.second_factors.use_code(karim, "a" * 64, NOW)
        assert await store.second_factors.use_code(sophie, "a" * 64, NOW)
        assert not await store.second_factors.use_code(sophie, "a" * 64, NOW)
        assert await store.second_factors.codes_left(sophie) == 1
        await store.second_factors.remove(sophie)
        assert not await store.second_factors.use_code(sophie, "b" * 64, NOW)


def an_absence(valbourg: Valbourg, *, begins: int, days: int) -> Absence:
    """Sophie is away; Karim stands in, and reads rulings meanwhile."""
    return Absence(
        new_id(),
        valbourg.sophie.id,
        valbourg.karim.id,
        NOW + begins * A_DAY,
        NOW + (begins + days) * A_DAY,
        frozenset({FieldGroup.CUSTODY}),
    )


async def test_an_absence_is_on_from_its_first_moment_to_the_one_before_its_end(
    valbourg: Valbourg,
) -> None:
    sophie, karim = valbourg.sophie.id, valbourg.karim.id
    absence = an_absence(valbourg, begins=1, days=2)
    async with valbourg.open_store() as store:
        assert await store.absences.say(absence, by=sophie, at=NOW)
        assert not await store.absences.say(absence, by=sophie, at=NOW)
        seen = {}
        for moment in (0, 1, 3):
            at = NOW + moment * A_DAY
            away, covered = (
                await store.absences.away(at),
                await store.absences.covered_by(karim, at),
            )
            seen[moment] = (sophie in away, len(covered))
        (coming,) = await store.absences.coming(sophie, NOW)
        assert not await store.absences.away(NOW + A_DAY, {karim})
    assert seen == {0: (False, 0), 1: (True, 1), 3: (False, 0)}
    assert (coming.name, coming.cover_name) == ("Sophie Garnier", "Karim Benali")
    assert coming.fields == {FieldGroup.CUSTODY}


async def test_an_absence_that_was_called_off_never_was(valbourg: Valbourg) -> None:
    sophie, karim = valbourg.sophie.id, valbourg.karim.id
    absence = an_absence(valbourg, begins=1, days=2)
    async with valbourg.open_store() as store:
        await store.absences.say(absence, by=sophie, at=NOW)
        assert not await store.absences.end(absence.id, karim, NOW)
        assert await store.absences.end(absence.id, sophie, NOW)
        assert not await store.absences.end(absence.id, sophie, NOW)
        assert await store.absences.coming(sophie, NOW) == []
        assert await store.absences.away(NOW + A_DAY) == {}


async def test_whoever_stands_in_has_the_duties_and_only_the_groups_that_were_lent(
    valbourg: Valbourg,
) -> None:
    groups = frozenset(FieldGroup)
    async with valbourg.open_store() as store:
        for one, duties in (
            (valbourg.sophie, [Duty("scolaire", groups)]),
            (valbourg.karim, [Duty("creche")]),
        ):
            await store.staff.change(
                one.id, name=one.name, title=one.title, role=one.role, duties=duties
            )
        absence = an_absence(valbourg, begins=0, days=1)
        await store.absences.say(absence, by=valbourg.sophie.id, at=NOW)
        karim = await store.accounts.by_id(valbourg.karim.id)
        assert karim is not None
        during = await store.duties.on_duty(karim, NOW)
        after = await store.duties.on_duty(karim, NOW + A_DAY)
    assert during.duties == (
        Duty("creche"),
        Duty("scolaire", frozenset({FieldGroup.CUSTODY})),
    )
    assert after.duties == (Duty("creche"),)


async def test_an_access_that_closes_spends_the_links_that_were_mailed(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        for n, who in enumerate((valbourg.sophie, valbourg.karim)):
            await store.accounts.add_link(new_id(), f"{n}" * 64, who.email, NOW, NOW + A_DAY)
        await store.staff.close(valbourg.sophie, NOW)
        used = select(access_links.c.email).where(access_links.c.used_at.is_not(None))
        assert (await store.connection.execute(used)).scalars().all() == [valbourg.sophie.email]
        everybody = await store.staff.everybody()
    assert [one.email for one in everybody] == [valbourg.karim.email, valbourg.sophie.email]
    assert everybody[1].disabled_at == NOW


async def test_there_is_one_admin_less_once_an_access_closes(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        ids = [
            await store.accounts.add(f"{name}@v.example", "admin", NOW, name=name)
            for name in ("ana", "boris")
        ]
        assert await store.staff.other_admins(ids[0]) == 1
        boris = await store.staff.find(ids[1])
        assert boris is not None
        await store.staff.close(boris, NOW)
        assert await store.staff.other_admins(ids[0]) == 0
        assert not await store.staff.is_admin(ids[1])
        await store.staff.open_again(ids[1])
        assert await store.staff.is_admin(ids[1])
        assert not await store.staff.is_admin(valbourg.sophie.id)
        assert await store.staff.find(valbourg.claire.id) is None
