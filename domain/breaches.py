"""What must always be true of a town, and how it is told when it is not.

The five promises (docs/reliability.md): I1 what was acknowledged is kept and applied; I2 a dossier
has one decision, told the same everywhere; I3 documents and files go together; I4 a letter is one
letter; I5 every open dossier is alive. A breach names ids only, never what somebody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass

BREACHES: Mapping[str, tuple[str, str]] = {
    "act_undelivered": ("I1", "Une action gardée n’est toujours pas appliquée, sans cause connue."),
    "act_without_line": ("I1", "Une action appliquée n’a pas sa ligne dans l’historique."),
    "sending_without_act": ("I1", "Un dossier est envoyé sans que l’envoi soit une action."),
    "sending_without_answers": ("I1", "Un dossier est envoyé sans la copie de ses réponses."),
    "document_without_act": ("I1", "Une pièce est là sans l’action qui l’a donnée."),
    "decided_twice": ("I2", "Un dossier a plusieurs décisions."),
    "decision_without_line": ("I2", "Une décision n’a pas sa ligne dans l’historique."),
    "decision_without_letter": ("I2", "Une décision n’a pas son courrier."),
    "told_otherwise": ("I2", "Un courrier annonce une décision que le dossier n’a pas."),
    "decision_without_day": ("I2", "Un dossier décidé n’a pas le jour de sa décision."),
    "engine_tells_otherwise": ("I2", "Le moteur et la base ne donnent pas le même état."),
    "file_missing": ("I3", "Le fichier d’une pièce manque."),
    "file_changed": ("I3", "Le fichier d’une pièce n’est plus celui qui a été donné."),
    "file_without_document": ("I3", "Un fichier de plus d’une heure n’a pas de pièce."),
    "letter_doubled": ("I4", "Deux courriers ont le même identifiant de message."),
    "letter_accepted_never": ("I4", "Un courrier est dit remis sans le moment de sa remise."),
    "letter_forgotten": ("I4", "Un courrier n’a pas été remis, et rien ne dit pourquoi."),
    "dossier_not_running": ("I5", "Un dossier ouvert n’avance plus : le moteur ne le connaît pas."),
    "dossier_failed": ("I5", "Le déroulement d’un dossier s’est arrêté sur une erreur."),
    "dossier_stuck": ("I5", "Le déroulement d’un dossier échoue et recommence sans fin."),
    "check_stuck": ("I5", "Une vérification dure trop longtemps, sans cause connue."),
    "document_stuck": ("I5", "Une pièce attend sa vérification, sans cause connue."),
    "engine_away": ("I5", "Le moteur ne répond pas : l’état des dossiers n’a pas pu être comparé."),
}
"""By code: which promise is broken, and the sentence for the town's own people."""


@dataclass(frozen=True, order=True)
class Breach:
    """One promise broken, by ids. `subject` is an act, a document, a letter or a file."""

    code: str
    dossier_id: str = ""
    subject: str = ""

    @property
    def invariant(self) -> str:
        """I1 to I5."""
        return BREACHES[self.code][0]

    @property
    def sentence(self) -> str:
        """What is wrong, in French, without a name."""
        return BREACHES[self.code][1]
