"""A dossier that is no registration: told to whoever follows a child of it, and to nobody else."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from domain.deadlines import paris_day
from domain.guardian_access import GuardianAccess
from domain.kinds.both_guardians import Concerned
from domain.kinds.change_subjects import ABOUT, Subject, slug_of
from domain.questions import Answers
from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.erasing import Erasing
from storage.shared_dossiers import SharedDossier
from storage.tables import children
from tests.builders import Someone, a_dossier, an_account
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_households import ANSWERS

LUC = Someone("luc@exemple.fr", name="Luc Petit")
MALIK = Someone("malik@exemple.fr", name="Malik Roy")
TODAY = paris_day(NOW)
ALL = Concerned(is_whole_family=True)


@dataclass(frozen=True)
class Home:
    """Claire's children Léna and Tom. Luc follows Léna, Malik follows Tom."""

    valbourg: Valbourg
    lena: str
    tom: str
    luc: Account
    malik: Account
    access: GuardianAccess

    async def asks(self, whom: Concerned, **pages: dict[str, str]) -> Dossier:
        """Claire sends a change, and its children are written down."""
        async with self.valbourg.open_store() as store:
            procedure = await store.town.procedure(slug=slug_of(Subject.SCHOOL))
            dossier = await store.dossiers.open_new(procedure, self.valbourg.claire.id, NOW)
            for code, values in pages.items():
                await store.dossiers.save_answers(dossier, code, values, NOW)
            sent = {"submitted_at": NOW, "child_name": "Léna Martin et Tom Martin"}
            sent["child_first_name"] = "Léna et Tom"
            await store.dossiers.move(dossier.id, {State.DRAFT}, State.UNDER_REVIEW, NOW, **sent)
            await store.shared_dossiers.tell(dossier.id, self.valbourg.claire.id, whom)
            return await store.dossiers.find(dossier.id)

    async def read_by(self, who: Account, dossier: Dossier, days: int = 0) -> SharedDossier | None:
        async with self.valbourg.open_store() as store:
            at = NOW + timedelta(days=days)
            return await store.guardian_accesses.open_to(who.id, dossier.id, at)

    async def others(self, dossier: Dossier, days: int = 0) -> set[str]:
        async with self.valbourg.open_store() as store:
            at = NOW + timedelta(days=days)
            return set(await store.guardian_accesses.others_of(dossier.id, at))


async def registered(valbourg: Valbourg, first_name: str) -> tuple[str, Dossier]:
    """A child of Claire's, and the dossier that made it."""
    child = {**ANSWERS["enfant"], "first_name": first_name}
    answers: Answers = {**ANSWERS, "enfant": child}
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW, state=State.APPROVED)
        child_id = await store.households.admit(dossier, answers, valbourg.claire.email, NOW)
    return child_id, dossier


async def follows(valbourg: Valbourg, dossier: Dossier, who: Account) -> GuardianAccess:
    async with valbourg.open_store() as store:
        access = await store.guardian_accesses.invite(
            dossier.id, who.email, valbourg.claire.id, NOW
        )
        await store.guardian_accesses.accept(access.id, who.id, NOW)
    return access


async def a_home(valbourg: Valbourg) -> Home:
    lena, of_lena = await registered(valbourg, "Léna")
    tom, of_tom = await registered(valbourg, "Tom")
    async with valbourg.open_store() as store:
        luc, malik = [await an_account(store, one, NOW) for one in (LUC, MALIK)]
    access = await follows(valbourg, of_lena, luc)
    await follows(valbourg, of_tom, malik)
    return Home(valbourg, lena, tom, luc, malik, access)


async def test_it_is_told_for_the_child_one_follows_and_for_no_sibling(valbourg: Valbourg) -> None:
    home = await a_home(valbourg)
    of_both = await home.asks(Concerned((home.lena, home.tom)))
    seen = await home.read_by(home.luc, of_both)
    assert seen is not None
    assert [one.first_name for one in seen.children] == ["Léna"]
    assert (seen.child_first_name, seen.child_name) == ("Léna", "Léna Martin")
    assert seen.title == "Signaler un changement d’école"
    assert "Tom" not in repr(seen)
    assert await home.others(of_both) == {home.luc.id, home.malik.id}
    of_tom = await home.asks(Concerned((home.tom,)))
    assert await home.read_by(home.luc, of_tom) is None
    assert await home.others(of_tom) == {home.malik.id}


async def test_who_follows_two_children_reads_both_names(valbourg: Valbourg) -> None:
    home = await a_home(valbourg)
    _, of_zoe = await registered(valbourg, "Zoé")
    await follows(valbourg, of_zoe, home.luc)
    seen = await home.read_by(home.luc, await home.asks(ALL))
    assert seen is not None
    assert seen.child_first_name == "Léna et Zoé"


async def test_a_stranger_an_owner_and_a_draft_open_nothing(valbourg: Valbourg) -> None:
    home = await a_home(valbourg)
    dossier = await home.asks(ALL)
    assert await home.read_by(valbourg.sophie, dossier) is None
    async with valbourg.open_store() as store:
        # Who owns the dossier is never the other guardian of it.
        record = await store.family_record.of(valbourg.claire.id)
        assert record is not None
        root = next(one.dossier_id for one in record.children if one.id == home.lena)
        assert root is not None
        await store.guardian_accesses.invite(root, valbourg.claire.email, valbourg.claire.id, NOW)
        own = await store.guardian_accesses.of_dossier(root)
        await store.guardian_accesses.accept(own[-1].id, valbourg.claire.id, NOW)
        procedure = await store.town.procedure(slug=slug_of(Subject.SCHOOL))
        draft = await store.dossiers.open_new(procedure, valbourg.claire.id, NOW)
        await store.shared_dossiers.tell(draft.id, valbourg.claire.id, ALL)
    assert await home.read_by(home.luc, draft) is None
    assert await home.read_by(valbourg.claire, dossier) is None
    assert valbourg.claire.id not in await home.others(dossier)


async def test_an_access_that_ends_ends_it_all_on_its_day_until_it_is_given_back(
    valbourg: Valbourg,
) -> None:
    home = await a_home(valbourg)
    dossier = await home.asks(Concerned((home.lena,)))
    async with valbourg.open_store() as store:
        await store.guardian_accesses.end(
            home.access.id,
            TODAY + timedelta(days=2),
            reason_code="authority",
            ruling_on=TODAY,
            by=valbourg.sophie.id,
            at=NOW,
        )
    reads = [await home.read_by(home.luc, dossier, days) is not None for days in range(4)]
    told = [home.luc.id in await home.others(dossier, days) for days in range(4)]
    assert reads == told == [True, True, False, False]
    async with valbourg.open_store() as store:
        await store.guardian_accesses.give_back(home.access.id)
    assert await home.read_by(home.luc, dossier, 3) is not None


async def test_an_invitation_that_waits_or_was_taken_back_opens_nothing(valbourg: Valbourg) -> None:
    lena, of_lena = await registered(valbourg, "Léna")
    async with valbourg.open_store() as store:
        luc = await an_account(store, LUC, NOW)
        access = await store.guardian_accesses.invite(
            of_lena.id, luc.email, valbourg.claire.id, NOW
        )
    home = Home(valbourg, lena, "", luc, luc, access)
    dossier = await home.asks(Concerned((lena,)))
    assert (await home.read_by(luc, dossier), await home.others(dossier)) == (None, set())
    async with valbourg.open_store() as store:
        assert await store.guardian_accesses.take_back(access.id, NOW)
    assert (await home.read_by(luc, dossier), await home.others(dossier)) == (None, set())


async def test_a_child_that_was_made_one_with_another_is_followed_by_either_registration(
    valbourg: Valbourg,
) -> None:
    home = await a_home(valbourg)
    double, of_double = await registered(valbourg, "Éléna")
    before = await home.asks(Concerned((double,)))
    async with valbourg.open_store() as store:
        nora = await an_account(store, Someone("nora@exemple.fr", name="Nora"), NOW)
        merge = update(children).where(children.c.id == double).values(same_as=home.lena)
        await store.connection.execute(merge)
    await follows(valbourg, of_double, nora)
    after = await home.asks(Concerned((home.lena,)))
    for dossier in (before, after, await home.asks(ALL)):
        for who in (home.luc, nora):
            seen = await home.read_by(who, dossier)
            assert seen is not None
            assert [one.id for one in seen.children] == [home.lena]
        assert {home.luc.id, nora.id} <= await home.others(dossier)
    async with valbourg.open_store() as store:
        assert await store.shared_dossiers.children_of(before.id) == [home.lena]
        accesses = store.guardian_accesses
        both = {one.account_id for one in await accesses.of_child(home.lena)}
        assert both == {home.luc.id, nora.id}
        assert {one.account_id for one in await accesses.around(of_double.id)} == both
        assert {one.account_id for one in await accesses.around(after.id)} == both
    assert await home.others(of_double) == {nora.id}


async def test_only_children_of_the_owner_s_family_count_and_the_last_word_stands(
    valbourg: Valbourg,
) -> None:
    home = await a_home(valbourg)
    dossier = await home.asks(Concerned((home.lena,)))
    async with valbourg.open_store() as store:
        eve = await an_account(store, Someone("eve@exemple.fr", name="Ève"), NOW)
        other = await a_dossier(store, eve, NOW, state=State.APPROVED)
        theirs = await store.households.admit(other, ANSWERS, eve.email, NOW)
    await follows(valbourg, other, home.malik)
    for whom, kept in (
        (Concerned((home.lena, theirs)), [home.lena]),
        (Concerned((home.tom,)), [home.tom]),
        (Concerned((home.tom,)), [home.tom]),
        (Concerned(), []),
    ):
        async with valbourg.open_store() as store:
            await store.shared_dossiers.tell(dossier.id, valbourg.claire.id, whom)
            assert await store.shared_dossiers.children_of(dossier.id) == kept
    assert (await home.read_by(home.luc, dossier), await home.others(dossier)) == (None, set())


async def test_what_is_read_of_the_child_is_the_child_and_the_school_that_is_asked_for(
    valbourg: Valbourg,
) -> None:
    home = await a_home(valbourg)
    wish = {"grade": "ce1", "school": "e" * 32, "elsewhere": "", "other_school": "Canari"}
    about = {"subject": Subject.SCHOOL.value, "child": home.lena, "contact": ""}
    dossier = await home.asks(Concerned((home.lena,)), **{ABOUT: about, "ecole": wish})
    seen = await home.read_by(home.luc, dossier)
    assert seen is not None
    async with valbourg.open_store() as store:
        (facts,) = await store.shared_dossiers.facts(seen)
    assert (facts.first_name, facts.birth_date, facts.grade) == ("Léna", "2021-03-12", "ce1")
    assert facts.school == "École Jean-Moulin"
    assert "Canari" not in repr(facts)


async def test_what_this_person_is_told_of_comes_latest_first_and_each_once(
    valbourg: Valbourg,
) -> None:
    home = await a_home(valbourg)
    first = await home.asks(Concerned((home.lena,)))
    async with valbourg.open_store() as store:
        later = NOW + timedelta(days=1)
        await store.dossiers.move(
            first.id, {State.UNDER_REVIEW}, State.WITHDRAWN, later, submitted_at=later
        )
    second = await home.asks(ALL)
    await home.asks(Concerned((home.tom,)))
    async with valbourg.open_store() as store:
        seen = await store.shared_dossiers.of(home.luc.id, NOW)
    assert [one.id for one in seen] == [first.id, second.id]


async def test_a_child_and_a_dossier_that_are_erased_leave_no_row(valbourg: Valbourg) -> None:
    home = await a_home(valbourg)
    one, two = await home.asks(ALL), await home.asks(ALL)
    async with valbourg.open_store() as store:
        erasing = Erasing(store.connection)
        await erasing.dossier(one.id, TODAY)
        await erasing.child(home.tom)
        assert await store.shared_dossiers.children_of(one.id) == []
        assert await store.shared_dossiers.children_of(two.id) == [home.lena]
