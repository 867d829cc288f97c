"""Court rulings about a child: what they decide, for which days, and what the portal does of it.

A ruling is kept as effects, not as free text: what nobody has to read again cannot be misread. It
binds the portal in three ways only: whose access to the child ends or is refused, who is told and
may object, and who may come for the child. With whom the child lives is for the agents to know
(code civil, articles 373-2 to 373-2-13).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.french import day
from domain.holds import Hold, HoldKind, open_ones
from domain.likeness import name_key


class Effect(StrEnum):
    """What a ruling decides about somebody."""

    SOLE_AUTHORITY = "sole_authority"
    NO_CONTACT = "no_contact"
    NO_PICK_UP = "no_pick_up"
    RESIDENCE = "residence"


_WORDS = {
    Effect.SOLE_AUTHORITY: "L’autorité parentale est exercée par {name}, et personne d’autre.",
    Effect.NO_CONTACT: "{name} ne doit pas entrer en contact avec l’enfant.",
    Effect.NO_PICK_UP: "{name} ne peut pas venir chercher l’enfant.",
    Effect.RESIDENCE: "L’enfant habite chez {name}.",
}
_ALTERNATING = "L’enfant habite en alternance chez ses deux parents."
_REMOVES = frozenset({Effect.NO_CONTACT, Effect.NO_PICK_UP})


@dataclass(frozen=True)
class Somebody:
    """Whom a ruling may name. `account_id` and `email` are empty where they are not known."""

    name: str
    account_id: str = ""
    email: str = ""
    is_guardian: bool = False

    def is_same(self, other: "Somebody") -> bool:
        """Whether both are one person: the same account, address or name."""
        if self.account_id and other.account_id:
            return self.account_id == other.account_id
        if self.email and self.email == other.email:
            return True
        return bool(name_key(self.name)) and name_key(self.name) == name_key(other.name)


@dataclass(frozen=True)
class Decision:
    """One effect. `who` exercises authority, is kept away, or houses the child; None: in turns."""

    effect: Effect
    who: Somebody | None = None

    @property
    def words(self) -> str:
        """The decision as a sentence."""
        if self.who is None:
            return _ALTERNATING
        return _WORDS[self.effect].format(name=self.who.name)


@dataclass(frozen=True)
class Ruling:
    """A ruling that an agent recorded. `since` and `until` are its first and last civil day."""

    id: str
    dossier_id: str
    child_id: str | None
    document_id: str | None
    decided_on: date
    since: date
    until: date | None
    decisions: tuple[Decision, ...]
    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None = None

    def counts_on(self, today: date) -> bool:
        """Whether it binds on that day."""
        is_over = self.until is not None and self.until < today
        return self.ended_at is None and self.since <= today and not is_over

    def is_to_come(self, today: date) -> bool:
        """Whether it will bind, later than today."""
        return self.ended_at is None and today < self.since


def shut_out(decisions: Iterable[Decision], people: Sequence[Somebody]) -> Sequence[Somebody]:
    """Those of these people whose access to the child ends: kept away, or without authority."""
    kept_away = [
        one.who for one in decisions if one.effect is Effect.NO_CONTACT and one.who is not None
    ]
    alone = [
        one.who for one in decisions if one.effect is Effect.SOLE_AUTHORITY and one.who is not None
    ]
    return [
        one
        for one in people
        if any(one.is_same(who) for who in kept_away)
        or (alone and one.is_guardian and not any(one.is_same(who) for who in alone))
    ]


def may_not_fetch(decisions: Iterable[Decision]) -> Sequence[Somebody]:
    """Who may not come for the child."""
    return [one.who for one in decisions if one.effect in _REMOVES and one.who is not None]


def closes_invitations(rulings: Iterable[Ruling], today: date) -> bool:
    """Whether only staff lets other guardians in, because of a ruling of today or to come."""
    closing = {Effect.NO_CONTACT, Effect.SOLE_AUTHORITY}
    return any(
        one.effect in closing
        for ruling in rulings
        if ruling.counts_on(today) or ruling.is_to_come(today)
        for one in ruling.decisions
    )


def _still_held(who: Somebody, holds: Sequence[Hold]) -> Sequence[str]:
    said = []
    if who.account_id and any(
        one.by == who.account_id for one in open_ones(holds, HoldKind.OBJECTION)
    ):
        said.append(
            "Son désaccord suspend encore la décision : levez-le depuis le dossier, une fois son "
            "accès fermé."
        )
    if open_ones(holds, HoldKind.COSIGNATURE):
        said.append(
            "La décision attend l’accord de l’autre parent : une fois son accès fermé, vous pouvez "
            "vous en passer depuis le dossier."
        )
    return said


def consequences(
    ruling: Ruling,
    people: Sequence[Somebody],
    holds: Sequence[Hold] = (),
    *,
    owner: Somebody,
    with_access: Sequence[Somebody],
    contacts: Sequence[str],
) -> Sequence[str]:
    """What recording this ruling changes in the portal, one French sentence each.

    `owner` has the account of the dossier, `with_access` another guardian's, now or by an
    invitation; `contacts` are the people whom the family lets fetch the child; `holds` what the
    decision of the dossier waits for.
    """
    when = day(ruling.since)
    said = []
    for one in shut_out(ruling.decisions, people):
        if one.is_same(owner):
            said.append(
                f"{one.name} tient ce dossier : rien ne se ferme tout seul. Voyez avec le service "
                "à qui il revient."
            )
            continue
        access = next((other for other in with_access if one.is_same(other)), None)
        if access is not None:
            told = " Un courrier le lui dit, sans le motif." if access.account_id else ""
            said.append(f"L’accès de {one.name} à cet enfant se ferme le {when}.{told}")
        said.append(
            f"Les envois ne sont plus annoncés à {one.name}, qui ne peut plus s’y opposer. "
            "Seul un agent peut lui rendre un accès."
        )
        said += _still_held(access or one, holds)
    said += [
        f"{who.name} sort de la liste des personnes autorisées à venir chercher l’enfant."
        for who in may_not_fetch(ruling.decisions)
        if any(name_key(name) == name_key(who.name) for name in contacts)
    ]
    if not said:
        said.append("Rien ne change dans les accès : la décision est notée pour le service.")
    return said
