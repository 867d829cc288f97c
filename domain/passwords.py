"""Which passwords are refused: too short, too long, too common, made of what anybody guesses.

No rule on digits or signs: length is what protects, and a short sentence is easy to remember.
Digits, signs, capitals and accents are left out of the comparison, and `p4ssw0rd` is read as it is
meant: they are what everybody adds last.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from string import ascii_lowercase

from domain.common_words import EXPRESSIONS, KEYBOARD_WALKS, LITTLE_WORDS, NAMES, WORDS

LONGEST = 128
_MINIMUM = {"parent": 12, "agent": 16, "admin": 16}
_SHORTEST_WORD = 4
_SEQUENCES = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_MEANT = str.maketrans("0134578@$!€", "oieastbasie")
_MEANT_OTHERWISE = str.maketrans("0134578@$!€", "oleastbasle")

# What a word adds to a password. Refused: up to two common words, or three first names, with a
# little word between; a sentence of five little words is none of those.
_MOST = 10
_NAME, _WORD, _LITTLE, _WALK, _OWN = 3, 4, 2, 2, 1
_LONGEST_PIECE, _MOST_SIGNS_BEHIND = 36, 12


def minimum_length(role: str) -> int:
    """How many signs the password of such an account has at least."""
    return _MINIMUM[role]


def why_refused(password: str, role: str, words: Iterable[str]) -> str:
    """Why this password is refused, or "": `too_short`, `too_long`, `too_common`, `own_words`.

    `words` are what anybody could guess: the mail address, the names, the town.
    """
    if len(password) < minimum_length(role):
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    plain = _bare(password)
    readings = set(_readings(plain))
    if "" in readings or _is_monotonous(plain) or any(_weight(one) <= _MOST for one in readings):
        return "too_common"
    own = _parts(words)
    is_own = _rest_without(plain, own) < _SHORTEST_WORD
    return "own_words" if is_own or any(_weight(one, own) <= _MOST for one in readings) else ""


def _bare(text: str) -> str:
    """Without capitals and accents."""
    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    text = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def _readings(plain: str) -> Iterator[str]:
    """The letters alone, and as they are meant when signs stand for letters.

    Of the signs at the end nobody knows which stand for a letter: each possibility is a reading.
    """
    yield _letters(plain)
    last = max((n for n, sign in enumerate(plain) if sign.isalpha()), default=-1) + 1
    for meant in (plain.translate(_MEANT), plain.translate(_MEANT_OTHERWISE)):
        ends = range(last, min(len(plain), last + _MOST_SIGNS_BEHIND) + 1)
        yield from (_letters(meant[:end]) for end in ends)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _weight(letters: str, own: frozenset[str] = frozenset()) -> int:
    """What the words weigh of which these letters are made; more than `_MOST` when of others."""
    known, too_much = _weights(), _MOST + 1
    best = [0] + [too_much] * len(letters)
    for begin in range(len(letters)):
        if best[begin] > _MOST:
            continue
        for end in range(begin + 1, min(len(letters), begin + _LONGEST_PIECE) + 1):
            piece = letters[begin:end]
            weight = _OWN if piece in own else known.get(piece, too_much)
            best[end] = min(best[end], best[begin] + weight)
    return best[-1]


@cache
def _weights() -> dict[str, int]:
    """What each known word weighs; plurals of the common ones, and fingers on a keyboard, too."""
    lines = [line[::step] for line in KEYBOARD_WALKS for step in (1, -1)]
    lines += [letter * _LONGEST_PIECE for letter in ascii_lowercase]
    found = {piece: _WALK for line in lines for piece in _pieces(line)}
    found |= {f"{one}s": _WORD for one in WORDS if len(one) >= _SHORTEST_WORD}
    found |= dict.fromkeys(WORDS | EXPRESSIONS, _WORD)
    return found | dict.fromkeys(NAMES, _NAME) | dict.fromkeys(LITTLE_WORDS, _LITTLE)


def _pieces(line: str) -> Iterator[str]:
    starts = range(len(line) - _SHORTEST_WORD + 1)
    return (
        line[begin:end] for begin in starts for end in range(begin + _SHORTEST_WORD, len(line) + 1)
    )


def _is_monotonous(plain: str) -> bool:
    """Few different signs, one word said again and again, or a run of the alphabet."""
    if len(set(plain)) < _SHORTEST_WORD:
        return True
    halves = (plain[: len(plain) // part] for part in (2, 3, 4) if len(plain) % part == 0)
    if any(piece * (len(plain) // len(piece)) == plain for piece in halves):
        return True
    return any(plain in sequence for sequence in _SEQUENCES)


def _parts(words: Iterable[str]) -> frozenset[str]:
    parts = {part for word in words for part in re.split(r"[\W_]+", _bare(word))}
    return frozenset(part for part in parts if len(part) >= _SHORTEST_WORD)


def _rest_without(plain: str, own: Iterable[str]) -> int:
    """How many letters are left once the guessable words are taken out."""
    for part in sorted(own, key=len, reverse=True):
        plain = plain.replace(part, "")
    return sum(sign.isalpha() for sign in plain)
