"""Two homes of one child, and a family with four children that the town knew before the portal."""

from datetime import datetime

from api.acts import Acts
from api.changing import Wanted, ask_for_change, known_values
from api.gateway import Gateway
from deploy.example.sharing import ANTOINE, account_of
from deploy.example.valbourg import ELEMENTAIRE, LILAS, Person
from domain.kinds.change_subjects import Subject, slug_of
from domain.states import Actor
from storage.accounts import Account
from storage.store import OpenStore, Store

FATOU = Person("fatou.diallo@exemple.fr", "Fatou Diallo")
_ASKED = "exemple-diallo-ecole"
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
    """Awa goes to another school: the town has to look at it. Twice: once."""
    async with writing() as store:
        fatou = await account_of(store, FATOU)
        record = await store.family_record.of(fatou.id)
        procedure = await store.town.procedure(slug=slug_of(Subject.SCHOOL))
    child = (
        next((one for one in record.children if one.first_name == "Awa"), None) if record else None
    )
    if record is None or child is None:
        return
    wanted = Wanted(Subject.SCHOOL, child)
    known = known_values(record, wanted, {})
    away = {"elsewhere": "yes", "other_school": "Collège Jasmin, Agen", "school": ""}
    await ask_for_change(
        writing,
        Acts(writing, gateway, actor=Actor.PARENT, actor_id=fatou.id, at=at),
        procedure,
        wanted,
        {**known, **away},
        known=known,
        act_id=_ASKED,
        account_id=fatou.id,
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
