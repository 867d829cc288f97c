"""How a kind of dossier is named in sentences, on screens and in letters. All are feminine."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KindWords:
    """`the` comes before "de Léna"; `whom` is said where a dossier names no child."""

    noun: str
    the: str
    whom: str

    @property
    def approved(self) -> str:
        """The dossier was approved, as a title."""
        return f"{self._title} validée"

    @property
    def refused(self) -> str:
        """The dossier was refused, as a title."""
        return f"{self._title} refusée"

    @property
    def _title(self) -> str:
        return self.noun[:1].upper() + self.noun[1:]


KIND_WORDS: Mapping[str, KindWords] = {
    "registration": KindWords("inscription", "L’inscription", "votre enfant"),
    "actualisation": KindWords("actualisation", "L’actualisation", "votre famille"),
    "change": KindWords("modification", "La modification du dossier", "votre famille"),
}
