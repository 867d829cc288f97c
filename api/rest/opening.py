"""Opening a dossier of any kind for a program, filled in with what the town knows."""

from dataclasses import dataclass
from datetime import datetime

from api.acts import Acts
from api.beginning import begin, begin_filled
from api.changing import CHANGE, Wanted, known_values, open_change
from api.known_family import known_family
from api.rest.requests import Opening
from domain.deadlines import paris_day
from domain.errors import Invalid, NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.change_subjects import WORDS, Subject, slug_of
from domain.questions import Values
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord
from storage.store import OpenStore, Store
from storage.town import Procedure

_UNKNOWN = (
    "La mairie ne connaît pas encore d’enfant de cette famille : commencez par une inscription."
)
_NO_CHILD = "Nommez un enfant de la famille : son identifiant."
_NOT_OF_CHILD = "Ce changement concerne toute la famille : ne nommez pas d’enfant."
_NOBODY = "Nommez une personne autorisée de cet enfant : son identifiant."


@dataclass(frozen=True)
class Opener:
    """Who opens: the owner of a token, at one moment, under the key of the act."""

    writing: OpenStore
    acts: Acts
    account: Account
    key: str
    at: datetime

    async def open(self, store: Store, procedure: Procedure, sent: Opening) -> Dossier:
        """Open it. Twice with the same key: the same dossier.

        Raises:
            Invalid: the town does not know the family, or the child, that it would be about.
            NotFound: that key opened the dossier of somebody else.
        """
        mine = self.account.id
        if procedure.kind == CHANGE.kind:
            return await self._change(store, procedure, sent)
        if sent.child or sent.contact:
            raise Invalid({"child": _NOT_OF_CHILD})
        if not RULES[procedure.kind].starts_filled:
            return await begin(
                store, self.writing, self.acts, procedure, None, act_id=self.key, account_id=mine
            )
        known = await known_family(store, self.account, procedure, paris_day(self.at), agent=None)
        if known is None:
            raise Invalid({"procedure": _UNKNOWN})
        await store.release()
        return await begin_filled(
            self.writing, self.acts, procedure, known, act_id=self.key, account_id=mine
        )

    async def _change(self, store: Store, procedure: Procedure, sent: Opening) -> Dossier:
        subject = next((one for one in Subject if slug_of(one) == procedure.slug), None)
        record = await store.family_record.of(self.account.id)
        if subject is None:
            raise NotFound
        if record is None:
            raise Invalid({"procedure": _UNKNOWN})
        record = record.on(paris_day(self.at))
        wanted = _wanted(record, subject, sent)
        custody: Values = {}
        if subject is Subject.CUSTODY and wanted.child is not None:
            custody = (await store.custody.of([wanted.child.id])).get(wanted.child.id, {})
        known = known_values(record, wanted, custody)
        await store.release()
        return await open_change(
            self.writing,
            self.acts,
            procedure,
            wanted,
            known,
            act_id=self.key,
            account_id=self.account.id,
        )


def _wanted(record: FamilyRecord, subject: Subject, sent: Opening) -> Wanted:
    child = record.child(sent.child) if sent.child else None
    may_name = WORDS[subject].of_child or subject is Subject.IDENTITY
    if sent.child and not may_name:
        raise Invalid({"child": _NOT_OF_CHILD})
    if child is None and (sent.child or WORDS[subject].of_child):
        raise Invalid({"child": _NO_CHILD})
    people = child.contacts if child and subject is Subject.CONTACTS else ()
    contact = next((one for one in people if one.id == sent.contact), None)
    if sent.contact and contact is None:
        raise Invalid({"contact": _NOBODY})
    return Wanted(subject, child, contact)
