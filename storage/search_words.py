"""The words by which agents find a dossier, each found by its beginning through an index.

A "contains" reads every row of a table: at 100,000 dossiers that is ten to twenty times slower than
at 1,000. So the words are kept beside, wherever one may begin: after a space, a hyphen or an
apostrophe of a name, in a number, after a sign of a mail address.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, Select, Table, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.paper import shown_address
from storage.records import sort_key
from storage.tables import account_words, dossier_words

_LONGEST = 120
_LAST_SIGN = "\U0010ffff"


def words_of_dossier(number: str, child_name: str = "") -> frozenset[str]:
    """The number, its last part with and without zeros, and each part of the child's name."""
    last = number.rpartition("-")[2]
    names = _parts_of(child_name)
    return frozenset(word[:_LONGEST] for word in (number, last, last.lstrip("0"), *names) if word)


def words_of_account(email: str, name: str = "") -> frozenset[str]:
    """The mail address, from its beginning and from each of its parts on, and the person's name.

    Whoever has no mail is found by the name alone.
    """
    address = _beginnings(shown_address(email).casefold(), r"[.@+_-]")
    return frozenset(word[:_LONGEST] for word in (*address, *_parts_of(name)) if word)


def _parts_of(name: str) -> Iterable[str]:
    return (part for word in sort_key(name).split() for part in _beginnings(word, r"[-']"))


def dossiers_with(word: str) -> Select[tuple[str]]:
    """The ids of the dossiers one of whose words begins so."""
    return select(dossier_words.c.dossier_id).where(_begins(dossier_words.c.word, word))


def accounts_with(word: str) -> Select[tuple[str]]:
    """The ids of the accounts whose mail address, or what follows one of its signs, begins so."""
    return select(account_words.c.account_id).where(_begins(account_words.c.word, word))


async def keep_words_of_dossier(db: AsyncConnection, dossier_id: str, words: Iterable[str]) -> None:
    """These are the dossier's words from now on. Twice: the same."""
    await _keep(db, dossier_words, dossier_words.c.dossier_id, dossier_id, words)


async def keep_words_of_account(db: AsyncConnection, account_id: str, words: Iterable[str]) -> None:
    """These are the account's words from now on. Twice: the same."""
    await _keep(db, account_words, account_words.c.account_id, account_id, words)


async def _keep(
    db: AsyncConnection, table: Table, owner: Column[str], owner_id: str, words: Iterable[str]
) -> None:
    await db.execute(delete(table).where(owner == owner_id))
    rows = [{owner.name: owner_id, "word": word} for word in sorted(set(words))]
    if rows:
        await db.execute(insert(table), rows)


def _beginnings(text: str, signs: str) -> Iterable[str]:
    yield text
    for sign in re.finditer(signs, text):
        yield text[sign.end() :]


def _begins(column: Column[str], word: str) -> ColumnElement[bool]:
    # Two bounds rather than LIKE: an index serves them on both databases, whatever their language.
    word = word[:_LONGEST]
    return and_(column >= word, column < word + _LAST_SIGN)
