"""Two homes of one child, and a family with four children that the town knew before the portal."""

from datetime import datetime

from api.acts import Acts
from api.changing import Wanted, ask_for_change, known_values
from api.gateway import Gateway
from deploy.example.families import CLAIRE
from deploy.example.sharing import ANTOINE, account_of
from deploy.example.valbourg import ELEMENTAIRE, LILAS, Person
from domain.kinds.change_subjects import Subject, slug_of
from domain.states import Actor
from storage.accounts import Account
from storage.records import sort_key
from storage.store import OpenStore, Store

FATOU = Person("fatou.diallo@exemple.fr", "Fatou Diallo")
_SCHOOLS = (
    (FATOU, "Awa", "Collège Jasmin, Agen"),
    (CLAIRE, "Léna", "École Sainte-Foy, Agen"),
)
_CHILDREN = (
    ("Awa", "2016-02-29", "cm2", ELEMENTAIRE),
    ("Moussa", "2018-06-03", "ce2", ELEMENTAIRE),
    ("Aïssatou", "2021-09-14", "gs", LILAS),
    ("Ibrahima", "2021-09-14", "gs", LILAS),
)


async def tell_of_homes(store: Store, at: datetime) -> None:
    """Antoine has a home of his own; Fatou four children, twins among them. Twice: the same."""
    antoine, fatou = await account_of(store, ANTOINE), await account_of(store, FATOU)
    if await store.family_record.of(antoine.id) is None:
        home = await _home(store, antoine, "4 quai de la Baïse", at)
        await _guardian(store, home, antoine, relation="father", phone="06 99 00 02 02")
    if await store.family_record.of(fatou.id) is not None:
        return
    changes, home = store.family_changes, await _home(store, fatou, "10 rue du Marché", at)
    mother = await _guardian(store, home, fatou, relation="mother", profession="Aide-soignante")
    names = {"first_name": "Mamadou", "last_name": "Diallo", "relation": "father"}
    father = await changes.add_guardian(home, names)
    for first, born, grade, school in _CHILDREN:
        child = {"first_name": first, "last_name": "Diallo", "birth_date": born, "grade": grade}
        facts = {**child, "birth_place": "Agen", "school_id": school}
        child_id = await changes.add_child(home, facts, [mother, father])
        person = {"name": "Aminata Ba", "phone": "+221 77 123 45 67", "link": "Tante"}
        await changes.add_contact(child_id, {**person, "may_pick_up": True})


async def ask_for_a_change(writing: OpenStore, gateway: Gateway, at: datetime) -> None:
    """Awa and Léna go to another school: the town has to look at it, and Léna's father may object.

    Twice: once. Nothing is asked for a child that a story did not come to.
    """
    for who, first_name, school in _SCHOOLS:
        async with writing() as store:
            account = await account_of(store, who)
            record = await store.family_record.of(account.id)
            procedure = await store.town.procedure(slug=slug_of(Subject.SCHOOL))
        children = record.children if record else ()
        child = next((one for one in children if one.first_name == first_name), None)
        if record is None or child is None:
            continue
        wanted = Wanted(Subject.SCHOOL, child)
        known = known_values(record, wanted, {})
        await ask_for_change(
            writing,
            Acts(writing, gateway, actor=Actor.PARENT, actor_id=account.id, at=at),
            procedure,
            wanted,
            {**known, "elsewhere": "yes", "other_school": school, "school": ""},
            known=known,
            act_id=f"exemple-{sort_key(first_name)}-ecole-open",
            account_id=account.id,
            at=at,
        )


async def _home(store: Store, owner: Account, street: str, at: datetime) -> str:
    address = {"street": street, "postal_code": "47990", "city": "Valbourg"}
    return await store.family_changes.found(owner.id, address, at)


async def _guardian(store: Store, family_id: str, who: Account, **facts: str) -> str:
    first, _, last = who.name.partition(" ")
    mine = {"first_name": first, "last_name": last, "email": who.email, "is_payer": True}
    values = {**mine, **facts, "account_id": who.id}
    return await store.family_changes.add_guardian(family_id, values)
