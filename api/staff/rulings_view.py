"""The page of court rulings: who is around the child, what was typed, and what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.forms import Form
from api.standing import child_of
from domain.custody import Decision, Effect, Ruling, Somebody, shut_out
from domain.deadlines import paris_day
from domain.french import day, of
from domain.guardian_access import GuardianAccess
from domain.questions import Answers, Values, as_day
from storage.documents import Document
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord, RecordedChild
from storage.store import Store

PIECE = "court_ruling"
ALTERNATING = "alternating"
_LONGEST_NAME = 120
_NO_DAY = "Écrivez une date qui existe, par exemple 4 1 2021."


@dataclass(frozen=True)
class Circle:
    """Whom a ruling may be about.

    `child` is None for one that the town has not made yet. `accesses` have their people beside.
    """

    of_child: str
    child: RecordedChild | None
    owner: Somebody
    people: Sequence[Somebody]
    accesses: Sequence[tuple[GuardianAccess, Somebody]]
    contacts: Sequence[str]

    def named(self, name: str) -> Somebody | None:
        """The person of that name; None for nobody of the circle."""
        return next((one for one in self.people if one.name == name), None)


def children_to_choose(dossier: Dossier, record: FamilyRecord | None) -> Sequence[RecordedChild]:
    """The children that a ruling of this dossier may be about: its own, or all of the family's."""
    children = record.children if record else ()
    own = [one for one in children if one.dossier_id == dossier.id]
    return own if own or dossier.kind == "registration" else children


async def circle_of(
    store: Store, dossier: Dossier, record: FamilyRecord | None, child_id: str
) -> Circle | None:
    """Who is around the child; None while it has to be chosen."""
    children = children_to_choose(dossier, record)
    child = next((one for one in children if one.id == child_id), None)
    if child is None and len(children) == 1:
        child = children[0]
    if child is None and record is not None and dossier.kind == "registration":
        # The child may have been registered again, or made one with another: this dossier is its.
        child = record.child(await store.family_record.child_of(dossier.id))
    if child is None and (children or dossier.kind != "registration"):
        return None
    root = dossier if child is None or child.dossier_id == dossier.id else None
    if child is not None and root is None and child.dossier_id:
        root = await store.dossiers.find(child.dossier_id)
    # What the dossier says of them counts until the town has made a child of it.
    answers = await store.dossiers.answers(root.id) if root and child is None else {}
    you = await _owner(store, dossier, record)
    accesses = await _accesses(store, child, root)
    shared = [(one, await _with_access(store, one)) for one in accesses]
    contacts = (
        [one.name for one in child.contacts] if child else _contacts(answers.get("contacts", {}))
    )
    found = [*_guardians(answers, record, you), *(who for _, who in shared)]
    found += [Somebody(name) for name in contacts]
    name = child.first_name if child else child_of(dossier)
    return Circle(name, child, you, _each_once(found), shared, contacts)


async def _accesses(
    store: Store, child: RecordedChild | None, root: Dossier | None
) -> Sequence[GuardianAccess]:
    """All that lead to the child, by whichever of its registrations: one left would stay open."""
    if child is not None:
        return await store.guardian_accesses.of_child(child.id)
    return await store.guardian_accesses.around(root.id) if root else ()


async def _owner(store: Store, dossier: Dossier, record: FamilyRecord | None) -> Somebody:
    known = record.owner if record else None
    if known is not None:
        return Somebody(known.name, dossier.account_id, known.email, is_guardian=True)
    account = await store.accounts.by_id(dossier.account_id)
    name, email = (account.name, account.email) if account else ("", "")
    return Somebody(name, dossier.account_id, email, is_guardian=True)


async def _with_access(store: Store, access: GuardianAccess) -> Somebody:
    account = await store.accounts.by_id(access.account_id) if access.account_id else None
    name = account.name if account and account.name else access.email
    return Somebody(name, access.account_id or "", access.email, is_guardian=True)


def _guardians(answers: Answers, record: FamilyRecord | None, you: Somebody) -> Sequence[Somebody]:
    other = answers.get("autre-parent", {})
    found = [you] if you.name else []
    if other.get("has_other") == "yes":
        found.append(Somebody(_full_name(other), email=other.get("email", ""), is_guardian=True))
    if record is not None:
        found += [
            Somebody(one.name, one.account_id or "", one.email, is_guardian=True)
            for one in record.guardians
        ]
    return found


def _full_name(values: Values) -> str:
    return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()


def _contacts(values: Values) -> Sequence[str]:
    names = [values.get(f"contact_{place}_name", "") for place in (1, 2, 3)]
    return [name for name in names if name]


def _each_once(found: Sequence[Somebody]) -> Sequence[Somebody]:
    """Each person once, the first one said, with what others know of their account and address."""
    people: list[Somebody] = []
    for one in found:
        known = next((n for n, other in enumerate(people) if other.is_same(one)), None)
        if known is None:
            people.append(one)
        else:
            before = people[known]
            people[known] = Somebody(
                before.name,
                before.account_id or one.account_id,
                before.email or one.email,
                is_guardian=before.is_guardian or one.is_guardian,
            )
    return people


@dataclass(frozen=True)
class Typed:
    """A ruling as the form says it; without one, `errors` say what is to be corrected."""

    ruling: Ruling | None
    errors: Mapping[str, str]


def read_ruling(
    form: Form,
    dossier: Dossier,
    circle: Circle,
    *,
    ruling_id: str,
    document_id: str | None,
    by: str,
    at: datetime,
) -> Typed:
    """Read the days and the effects of a ruling about the child of this circle."""
    today, errors = paris_day(at), {}
    decided_on = as_day(day_typed(form, "decided"))
    since, since_problem = _optional_day(form, "since")
    until, until_problem = _optional_day(form, "until")
    if decided_on is None:
        errors["decided"] = _NO_DAY
    elif decided_on > today:
        errors["decided"] = "Cette date est dans le futur. Vérifiez l’année."
    since = since or decided_on
    if since_problem:
        errors["since"] = since_problem
    if until_problem:
        errors["until"] = until_problem
    elif until and since and until < since:
        errors["until"] = "La fin vient avant le début : vérifiez les deux dates."
    decisions = _decisions(form, circle)
    if not decisions:
        errors["authority"] = "Indiquez au moins une chose que la décision prévoit."
    elif any(one.effect is Effect.SOLE_AUTHORITY for one in decisions) and any(
        one.is_same(who)
        for one in _kept_away(decisions)
        for who in [each.who for each in decisions if each.effect is Effect.SOLE_AUTHORITY]
        if who is not None
    ):
        errors["no_contact"] = "La même personne ne peut pas être tenue à l’écart et décider seule."
    if errors or decided_on is None or since is None:
        return Typed(None, errors)
    ruling = Ruling(
        id=ruling_id,
        dossier_id=dossier.id,
        child_id=circle.child.id if circle.child else None,
        document_id=document_id,
        decided_on=decided_on,
        since=since,
        until=until,
        decisions=decisions,
        recorded_at=at,
        recorded_by=by,
    )
    return Typed(ruling, {})


def _kept_away(decisions: Sequence[Decision]) -> Sequence[Somebody]:
    return [one.who for one in decisions if one.effect is Effect.NO_CONTACT and one.who]


def _decisions(form: Form, circle: Circle) -> tuple[Decision, ...]:
    found = []
    if who := circle.named(form.get("authority", "")):
        found.append(Decision(Effect.SOLE_AUTHORITY, who))
    found += _each_named(Effect.NO_CONTACT, form.getlist("no_contact"), circle)
    if other := " ".join(form.get("other", "").split())[:_LONGEST_NAME]:
        found.append(Decision(Effect.NO_CONTACT, circle.named(other) or Somebody(other)))
    found += _each_named(Effect.NO_PICK_UP, form.getlist("no_pick_up"), circle)
    if form.get("residence") == ALTERNATING:
        found.append(Decision(Effect.RESIDENCE))
    elif who := circle.named(form.get("residence", "")):
        found.append(Decision(Effect.RESIDENCE, who))
    return tuple(found)


def _each_named(effect: Effect, names: Sequence[str], circle: Circle) -> Sequence[Decision]:
    return [Decision(effect, who) for name in names if (who := circle.named(name))]


def day_typed(form: Mapping[str, str], name: str) -> str:
    """The three fields of a day as one text; "" when all are empty."""
    parts = [form.get(f"{name}_{part}", "").strip() for part in ("day", "month", "year")]
    return "/".join(parts) if any(parts) else ""


def _optional_day(form: Mapping[str, str], name: str) -> tuple[date | None, str]:
    text = day_typed(form, name)
    found = as_day(text)
    return found, _NO_DAY if text and found is None else ""


def accesses_to_end(ruling: Ruling, circle: Circle) -> Sequence[GuardianAccess]:
    """The accesses that this ruling ends, or ends sooner."""
    out = [
        one for one in shut_out(ruling.decisions, circle.people) if not one.is_same(circle.owner)
    ]
    return [
        access
        for access, who in circle.accesses
        if any(who.is_same(one) for one in out)
        and (access.ends_on is None or access.ends_on > ruling.since)
    ]


def ruling_rows(
    rulings: Sequence[Ruling], names: Mapping[str, str], at: datetime
) -> Sequence[Mapping[str, Any]]:
    """The rulings recorded so far, as cards; `names` are those of the children, by id."""
    today = paris_day(at)
    return [
        {
            "id": one.id,
            "title": f"Décision du {day(one.decided_on)}{_about(one, names)}",
            "state": _state(one, today),
            "sentences": [each.words for each in one.decisions],
            "days": f"Depuis le {day(one.since)}"
            + (f", jusqu’au {day(one.until)}" if one.until else ""),
            "may_end": one.ended_at is None,
        }
        for one in rulings
    ]


def _about(ruling: Ruling, names: Mapping[str, str]) -> str:
    name = names.get(ruling.child_id or "", "")
    return f", au sujet {of(name)}" if name else ""


def _state(ruling: Ruling, today: date) -> tuple[str, str, str]:
    if ruling.counts_on(today):
        return ("alert", "!", "En vigueur")
    if ruling.is_to_come(today):
        return ("waiting", "…", "À venir")
    return ("neutral", "–", "Terminée")


def papers_of(documents: Sequence[Document]) -> Sequence[Document]:
    """The documents in which the family brought a ruling."""
    return [one for one in documents if one.counts and one.piece.startswith(PIECE)]
