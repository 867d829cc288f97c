"""Which passwords are refused: too short, too long, too common, made of what anybody guesses.

No rule on digits or signs: length is what protects, and a short sentence is easy to remember.
"""

import re
from collections.abc import Iterable

LONGEST = 128
_MINIMUM = {"parent": 12, "agent": 16, "admin": 16}
_SHORTEST_WORD = 4

# What people type when twelve signs are asked of them, without digits and signs around.
_COMMON_WORDS = """
motdepasse monmotdepasse motdepassemotdepasse password passwordpassword azerty azertyuiop
qwerty qwertyuiop azertyazerty azertyuiopqsdfghjklm qsdfghjklm wxcvbn jetaime jetaimejetaime
jtaime bonjour bonjourbonjour bienvenue bonjourtoutlemonde soleil doudou chouchou loulou
marseille marseillebebe parissaintgermain allezlesbleus olympique lyonnais administrateur
administrator admin secret secretsecret famille mafamille portailfamille ecole monecole
cantine mairie letmein iloveyou trustno welcome changeme changezmoi princesse chocolat
vacances licorne doudoudoudou papamaman mamanpapa maman papa mamanjetaime papajetaime
touslesjours abcdefghijkl abcdefghijklm abcdefgh correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SEQUENCES = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")


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
    plain = password.casefold()
    letters = re.sub(r"[^a-zà-ÿ]", "", plain)
    is_common = not letters or letters in _COMMON or _is_monotonous(plain)
    if is_common:
        return "too_common"
    return "own_words" if _rest_without(plain, words) < _SHORTEST_WORD else ""


def _is_monotonous(plain: str) -> bool:
    """Few different signs, one word said again and again, or a run of the alphabet."""
    if len(set(plain)) < _SHORTEST_WORD:
        return True
    halves = (plain[: len(plain) // part] for part in (2, 3, 4) if len(plain) % part == 0)
    if any(piece * (len(plain) // len(piece)) == plain for piece in halves):
        return True
    return any(plain in sequence for sequence in _SEQUENCES)


def _rest_without(plain: str, words: Iterable[str]) -> int:
    """How many letters are left once the guessable words are taken out."""
    parts = {part for word in words for part in re.split(r"[^a-zà-ÿ0-9]+", word.casefold())}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_WORD:
            plain = plain.replace(part, "")
    return sum(sign.isalpha() for sign in plain)
