"""What a line of a town's list changes in what the town knows: decided here, written elsewhere.

    outcome = plan(said, known, new_id)

`known` is what is known of everybody the lines name; each plan brings it up to date, so that the
next line meets what this one makes, whether or not anything is written. What a parent wrote, or
changed since the last list, is never overruled: what the list says then is told, and left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from domain.family_lines import FamilySaid, GuardianSaid
from domain.known_families import (
    Account,
    CannotTakeError,
    Family,
    Known,
    Row,
    check_accounts,
    child_in,
    find_family,
    may_be,
)
from domain.likeness import Likeness
from domain.paper import paper_address

_WORDS = {
    "street": "l’adresse",
    "postal_code": "le code postal",
    "city": "la ville",
    "phone": "le téléphone",
    "email": "l’adresse mail",
    "birth_place": "le lieu de naissance",
    "grade": "le niveau",
    "school_id": "l’école",
}


class Verdict(StrEnum):
    """What comes of a line."""

    MADE = "made"
    CHANGED = "changed"
    KNOWN = "known"
    REFUSED = "refused"


class Noun(StrEnum):
    """What a change is about."""

    ACCOUNT = "account"
    FAMILY = "family"
    GUARDIAN = "guardian"
    CHILD = "child"
    GUARDIANSHIP = "guardianship"


@dataclass(frozen=True)
class Change:
    """One row to make (`is_new`) or to change."""

    noun: Noun
    id: str
    values: Mapping[str, Any]
    is_new: bool = False


@dataclass(frozen=True)
class Outcome:
    """What comes of one line: a verdict, why or what as sentences without capital, the changes."""

    number: int
    verdict: Verdict
    words: Sequence[str]
    changes: Sequence[Change] = ()


def plan(said: FamilySaid, known: Known, new_id: Callable[[], str]) -> Outcome:
    """What comes of this line. Nothing of a refused line is taken, not even in part."""
    try:
        check_accounts(said, known)
        family = find_family(said, known)
    except CannotTakeError as reason:
        return Outcome(said.number, Verdict.REFUSED, [str(reason)])
    return _Plan(said, known, new_id).of(family)


class _Plan:
    """The plan of one line, as it grows."""

    def __init__(self, said: FamilySaid, known: Known, new_id: Callable[[], str]) -> None:
        self._said = said
        self._known = known
        self._new_id = new_id
        self._changes: list[Change] = []
        self._made: list[str] = []
        self._changed: list[str] = []
        self._kept: list[str] = []

    def of(self, family: Family | None) -> Outcome:
        """The whole outcome."""
        family = self._old(family) if family else self._new()
        rows = [
            self._guardian(family, said, is_first=not n)
            for n, said in enumerate(self._said.guardians)
        ]
        self._child(family, rows)
        if self._made:
            verdict, words = Verdict.MADE, [f"nouveau : {', '.join(self._made)}"]
        elif self._changed:
            verdict, words = Verdict.CHANGED, []
        else:
            verdict, words = Verdict.KNOWN, []
        if self._changed:
            words.append(f"change : {', '.join(self._changed)}")
        return Outcome(self._said.number, verdict, [*words, *self._kept], self._changes)

    def _new(self) -> Family:
        first = self._said.guardians[0]
        account = self._known.account_of(first.email) or self._account(first)
        row = Row(self._new_id(), dict(self._said.address), dict(self._said.address), account.id)
        self._add(Noun.FAMILY, row.id, account_id=account.id, imported=row.imported, **row.values)
        family = Family(row)
        self._known.add_family(family)
        self._made.append("la famille")
        return family

    def _old(self, family: Family) -> Family:
        self._bring_up(Noun.FAMILY, family.row, self._said.address, "")
        return family

    def _account(self, said: GuardianSaid) -> Account:
        account_id = self._new_id()
        account = Account(account_id, said.email or paper_address(account_id), name=said.name)
        self._known.add_account(account)
        self._add(Noun.ACCOUNT, account_id, email=account.email, name=said.name)
        return account

    def _guardian(self, family: Family, said: GuardianSaid, *, is_first: bool) -> Row:
        account = self._known.account_of(said.email)
        row = next((one for one in family.guardians if one.key == said.key), None)
        if row is None and account is not None:
            row = next(
                (
                    one
                    for one in family.guardians
                    if one.account_id == account.id and may_be(said, one.name)
                ),
                None,
            )
        if row is not None:
            return self._known_guardian(family, row, said)
        owner = family.row.account_id if is_first and not family.guardians else ""
        values = {
            "first_name": said.first_name,
            "last_name": said.last_name,
            "phone": said.phone,
            "email": said.email,
        }
        row = Row(self._new_id(), values, self._said_of(said), owner)
        row.account_id = owner or self._own_account(family, said)
        self._add(
            Noun.GUARDIAN,
            row.id,
            family_id=family.row.id,
            account_id=row.account_id or None,
            is_payer=is_first and not family.guardians,
            imported=row.imported,
            **values,
        )
        self._known.add_guardian(family, row)
        self._made.append(f"{said.name}, responsable")
        return row

    def _own_account(self, family: Family, said: GuardianSaid) -> str:
        """The account of a further guardian: their own, if they have an address of their own."""
        if not said.email:
            return ""
        account = self._known.account_of(said.email)
        if account and any(row.account_id == account.id for row in family.guardians):
            self._kept.append(
                f"{said.name} a la même adresse mail : un compte n’a qu’un responsable, le premier"
            )
            return ""
        return (account or self._account(said)).id

    def _known_guardian(self, family: Family, row: Row, said: GuardianSaid) -> Row:
        account = self._known.by_id(row.account_id) if row.account_id else None
        if account is not None and said.email not in ("", account.email):
            said = self._moved(account, row, said)
        if not row.account_id and said.email and (account_id := self._own_account(family, said)):
            row.account_id = account_id
            self._changes.append(Change(Noun.GUARDIAN, row.id, {"account_id": account_id}))
        self._bring_up(Noun.GUARDIAN, row, self._said_of(said), f" de {said.name}")
        return row

    def _moved(self, account: Account, row: Row, said: GuardianSaid) -> GuardianSaid:
        """Give the account its new address, unless somebody uses it already; what then counts."""
        if account.is_active or self._known.account_of(said.email):
            self._kept.append(f"le compte de {said.name} garde son adresse mail")
            return replace(said, email=row.values["email"])
        self._known.move(account, said.email)
        self._changes.append(Change(Noun.ACCOUNT, account.id, {"email": said.email}))
        return said

    @staticmethod
    def _said_of(said: GuardianSaid) -> dict[str, str]:
        return {"phone": said.phone, "email": said.email}

    def _child(self, family: Family, guardians: Sequence[Row]) -> None:
        said = self._said.child
        facts = {
            "birth_place": said.birth_place,
            "grade": said.grade,
            "school_id": said.school_id,
        }
        row = child_in(family, said, Likeness.SAME)
        if row is None:
            near = child_in(family, said, Likeness.NEAR)
            if near is not None:
                self._kept.append(
                    f"à vérifier : presque le même nom que {near.name}, né le même jour"
                )
            row = Row(
                self._new_id(),
                {
                    "first_name": said.first_name,
                    "last_name": said.last_name,
                    "birth_date": said.birth_date,
                    **facts,
                },
                facts,
            )
            self._add(
                Noun.CHILD, row.id, family_id=family.row.id, imported=row.imported, **row.values
            )
            self._known.add_child(family, row)
            self._made.append(f"{said.name}, enfant")
        else:
            self._bring_up(Noun.CHILD, row, facts, f" de {said.name}")
        for guardian in guardians:
            if (row.id, guardian.id) not in family.wards:
                family.wards.add((row.id, guardian.id))
                self._add(Noun.GUARDIANSHIP, row.id, guardian_id=guardian.id)

    def _bring_up(self, noun: Noun, row: Row, said: Mapping[str, str], whose: str) -> None:
        """Take what the list says anew, unless somebody else than a list wrote what is there."""
        before = row.imported
        taken = {}
        for name, text in said.items():
            now = row.values.get(name, "")
            if not text or text == now:
                continue
            if now and (before is None or now != before.get(name, "")):
                if before is None or text != before.get(name, ""):
                    self._kept.append(
                        f"la famille a donné autre chose, gardé : {_WORDS[name]}{whose}"
                    )
                continue
            taken[name] = text
        heard = {name: text for name, text in said.items() if text}
        # Of what a family wrote itself, only what the list filled in is the list's to change.
        imported = {**(before or {}), **(taken if before is None else heard)}
        if taken or imported != (before or {}):
            row.values.update(taken)
            row.imported = imported
            self._changes.append(Change(noun, row.id, {**taken, "imported": imported}))
        self._changed += [f"{_WORDS[name]}{whose}" for name in taken]

    def _add(self, noun: Noun, id_: str, **values: Any) -> None:
        self._changes.append(Change(noun, id_, values, is_new=True))
