"""What the town knows of the families that a list names, and which family a line is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.family_lines import ChildSaid, FamilySaid, GuardianSaid
from domain.likeness import Likeness, likeness, name_key, person_likeness, plain

_PARENT = "parent"


@dataclass
class Account:
    """An account as the town knows it. `is_active`: somebody has come in by it."""

    id: str
    email: str
    role: str = _PARENT
    name: str = ""
    is_open: bool = True
    is_active: bool = False


@dataclass
class Row:
    """A family, a guardian or a child: its values, and what a list said of them last."""

    id: str
    values: dict[str, str]
    imported: Mapping[str, str] | None = None
    account_id: str = ""
    is_registered: bool = False

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.values['first_name']} {self.values['last_name']}"

    @property
    def key(self) -> str:
        """The same for the same names."""
        return name_key(self.values["first_name"], self.values["last_name"])


@dataclass
class Family:
    """A family with its guardians, its children and who is whose guardian (child, guardian)."""

    row: Row
    guardians: list[Row] = field(default_factory=list)
    children: list[Row] = field(default_factory=list)
    wards: set[tuple[str, str]] = field(default_factory=set)


class Known:
    """What is known of everybody whom the lines name, found without looking at all of it."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._by_email: dict[str, Account] = {}
        self._families: dict[str, Family] = {}
        self._owned: dict[str, Family] = {}
        self._at_home: dict[tuple[str, str], list[Family]] = {}
        self._born: dict[str, list[Family]] = {}
        self._names: dict[str, list[str]] = {}

    def add_account(self, account: Account) -> None:
        """Know an account; one that is known stays as it is."""
        if account.id not in self._accounts:
            self._accounts[account.id] = account
            self._by_email[account.email] = account

    def add_family(self, family: Family) -> None:
        """Know a family, with who is in it; one that is known stays as it is."""
        if family.row.id in self._families:
            return
        self._families[family.row.id] = family
        self._owned[family.row.account_id] = family
        self._at_home.setdefault(home_of(family.row.values), []).append(family)
        for row in family.guardians:
            self._note_name(row)
        for row in family.children:
            self._born.setdefault(row.values["birth_date"], []).append(family)

    def add_guardian(self, family: Family, row: Row) -> None:
        """One guardian more in a family that is known."""
        family.guardians.append(row)
        self._note_name(row)

    def add_child(self, family: Family, row: Row) -> None:
        """One child more in a family that is known."""
        family.children.append(row)
        self._born.setdefault(row.values["birth_date"], []).append(family)

    def move(self, account: Account, email: str) -> None:
        """The account has this address from now on."""
        del self._by_email[account.email]
        account.email = email
        self._by_email[email] = account

    def lead(self, email: str, account: Account) -> None:
        """This address leads to an account that has another one."""
        self._by_email[email] = account

    def account_of(self, email: str) -> Account | None:
        """The account of this address."""
        return self._by_email.get(email) if email else None

    def by_id(self, account_id: str) -> Account | None:
        """The account of this id."""
        return self._accounts.get(account_id)

    def has_family(self, family_id: str) -> bool:
        """Whether this family is known already."""
        return family_id in self._families

    def family_of(self, account_id: str) -> Family | None:
        """The family of this account."""
        return self._owned.get(account_id)

    def born_on(self, birth_date: str) -> list[Family]:
        """The families with a child of that birth date."""
        return self._born.get(birth_date, [])

    def living_at(self, address: Mapping[str, str]) -> list[Family]:
        """The families of that street and postal code."""
        return self._at_home.get(home_of(address), [])

    def names_of(self, account: Account) -> list[str]:
        """The names by which the owner of an account is known."""
        return [*filter(None, [account.name]), *self._names.get(account.id, [])]

    def _note_name(self, row: Row) -> None:
        if row.account_id:
            self._names.setdefault(row.account_id, []).append(row.name)


class CannotTakeError(Exception):
    """The line cannot be taken; the message is a sentence without capital."""


def check_accounts(said: FamilySaid, known: Known) -> None:
    """CannotTakeError when an address of the line is somebody else's."""
    first = said.guardians[0]
    for one in said.guardians:
        account = known.account_of(one.email)
        # Two guardians may have given one address: it is the first one's.
        if account is None or (one is not first and one.email == first.email):
            continue
        if account.role != _PARENT:
            raise CannotTakeError(f"{one.email} est l’adresse d’un accès de la mairie")
        if not account.is_open:
            raise CannotTakeError(f"le compte de {one.email} est fermé")
        names = known.names_of(account)
        if names and not any(may_be(one, name) for name in names):
            raise CannotTakeError(f"{one.email} est déjà l’adresse de {names[0]}")


def may_be(said: GuardianSaid, name: str) -> bool:
    """Whether the name of an account may be this guardian's: the first name at least."""
    if likeness(said.name, name) is not Likeness.DIFFERENT:
        return True
    first = plain(name).split()[: len(plain(said.first_name).split())]
    return likeness(said.first_name, " ".join(first)) is not Likeness.DIFFERENT


def find_family(said: FamilySaid, known: Known) -> Family | None:
    """The family of this line, None for a new one; CannotTakeError for somebody else's child."""
    keys = {one.key for one in said.guardians}
    with_child = [
        one
        for one in known.born_on(said.child.birth_date)
        if child_in(one, said.child, Likeness.SAME)
    ]
    if account := known.account_of(said.guardians[0].email):
        own = known.family_of(account.id)
        if own is not None:
            return own
    for family in with_child:
        if keys & {row.key for row in family.guardians}:
            return family
    if with_child:
        names = ", ".join(sorted(row.name for row in with_child[0].guardians))
        raise CannotTakeError(
            "un enfant du même nom, né le même jour, est déjà connu dans une autre famille"
            + (f" ({names})" if names else "")
        )
    first = said.guardians[0]
    if first.email or not said.address["street"]:
        return None
    neighbours = known.living_at(said.address)
    return next(
        (one for one in neighbours if any(row.key == first.key for row in one.guardians)), None
    )


def home_of(address: Mapping[str, str]) -> tuple[str, str]:
    """The same for the same street and postal code, however they are typed."""
    return plain(address["street"]), address["postal_code"]


def child_in(family: Family, said: ChildSaid, least: Likeness) -> Row | None:
    """The child of this family that has the birth date, and a name at least as near as that."""
    for row in family.children:
        if row.values["birth_date"] != said.birth_date:
            continue
        names = row.values["first_name"], row.values["last_name"]
        if row.key == said.key or (
            least < Likeness.SAME
            and person_likeness(names, (said.first_name, said.last_name)) >= least
        ):
            return row
    return None
