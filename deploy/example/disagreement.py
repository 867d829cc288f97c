"""Two parents who do not agree about Rose, and a rule of the town that will change."""

from dataclasses import replace
from datetime import date, datetime

from api.acts import Acts
from api.gateway import Gateway
from deploy.example.families import EMMA, MARC
from deploy.example.sharing import account_of
from deploy.example.valbourg import ADMIN, OUTSIDE_REGISTRATION, Person
from domain.deadlines import Delay
from domain.states import Action, Actor
from storage.store import OpenStore, Store

HUGUES = Person("hugues.faure@exemple.fr", "Hugues Faure")
CELINE = Person("celine.petitjean@exemple.fr", "Céline Petitjean")
_OBJECTED = "exemple-rose-object"
_RULE_ID = "f7" * 16
_NEXT_SCHOOL_YEAR = date(2027, 9, 1)
_WORDS = "Rose vit une semaine sur deux chez moi, à Agen. Nous n’avons pas choisi l’école ensemble."


async def object_to_a_dossier(writing: OpenStore, gateway: Gateway, at: datetime) -> None:
    """Hugues follows the dossier of Rose, and is against it; Céline that of Victor. Twice: once."""
    async with writing() as store:
        hugues = await account_of(store, HUGUES)
        rose = await _follows(store, HUGUES, EMMA, at)
        await _follows(store, CELINE, MARC, at)
        if not rose or await store.acts.find(_OBJECTED) is not None:
            return
    acts = Acts(writing, gateway, actor=Actor.GUARDIAN, actor_id=hugues.id, at=at)
    await acts.give(Action.OBJECT, rose, act_id=_OBJECTED, subject=hugues.id, words=_WORDS)


async def _follows(store: Store, who: Person, owner: Person, at: datetime) -> str:
    """One follows the dossier that the other sent: its id, or nothing when none was."""
    guardian, family = await account_of(store, who), await account_of(store, owner)
    sent = [one for one in await store.dossiers.of_account(family.id) if one.submitted_at]
    if not sent:
        return ""
    access = await store.guardian_accesses.invite(sent[0].id, who.email, family.id, at)
    await store.guardian_accesses.accept(access.id, guardian.id, at)
    return sent[0].id


async def tell_of_a_rule(store: Store, at: datetime) -> None:
    """From the next school year on, both parents sign for a child of another town. Twice: once."""
    admin = await account_of(store, ADMIN)
    procedure = await store.town.procedure(slug=OUTSIDE_REGISTRATION.slug)
    terms = replace(procedure.terms, cosign_within=Delay(days=21))
    await store.procedure_rules.set(
        _RULE_ID, procedure.id, _NEXT_SCHOOL_YEAR, terms, by=admin.id, at=at
    )
