"""What holds a decision, as cards on the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import french
from domain.deadlines import last_day, paris_day
from domain.guardian_access import GuardianAccess, Stage
from domain.holds import HoldKind
from domain.questions import Answers
from storage.cosigners import has_nobody_left
from storage.dossiers import Dossier
from storage.holds import Signature, ToldHold
from storage.records import new_id
from storage.store import Store

_ANOTHER_ADDRESS = "La famille avait indiqué une autre adresse mail que la sienne."
_NO_ADDRESS = "La famille n’avait pas donné son adresse mail."
_MAKE_SURE = "Assurez-vous que c’est bien l’autre parent."


@dataclass(frozen=True)
class Held:
    """What holds the decision at this moment, and the accesses around the dossier.

    `is_alone`: all who could sign were shut out.
    """

    told: Sequence[ToldHold]
    around: Sequence[GuardianAccess]
    at: datetime
    is_alone: bool

    def hears(self, account_id: str) -> bool:
        """Whether this guardian follows the dossier today."""
        today = paris_day(self.at)
        mine = [one for one in self.around if one.account_id == account_id]
        return any(one.stage(self.at, today) is Stage.OPEN for one in mine)


async def load_held(store: Store, dossier: Dossier, at: datetime) -> Held:
    """What holds the decision of this dossier."""
    told = await store.holds.told(dossier.id)
    around = await store.guardian_accesses.around(dossier.id)
    return Held(told, around, at, await has_nobody_left(store, dossier, at, around))


def held_cards(
    held: Held, root: str, fields: Mapping[str, str], values: Mapping[str, str]
) -> Sequence[dict[str, Any]]:
    """A card each: what it is, what was written, and the form by which an agent settles it.

    `root` is the address of the dossier on the desk, `values` what was typed and has to be
    corrected.
    """
    return [
        {
            **(_objection if _is_objection(one) else _signature)(one, root, held),
            "fields": {
                **fields,
                "act_id": values.get("act_id") or new_id(),
                "guardian": one.hold.by,
                "card": str(number),
            },
            "name": f"settle-{number}",
            "values": values,
        }
        for number, one in enumerate(held.told, 1)
    ]


def _is_objection(one: ToldHold) -> bool:
    return one.hold.kind is HoldKind.OBJECTION


def _objection(one: ToldHold, root: str, held: Held) -> dict[str, Any]:
    who, since = one.name or "L’autre parent", french.day(one.hold.since)
    follows = held.hears(one.hold.by)
    what_next = (
        "Appelez les deux parents."
        if follows
        else f"{who} ne suit plus ce dossier et ne peut plus changer d’avis ici : vous pouvez "
        "lever ce désaccord. Rien ne lui sera écrit."
    )
    return {
        "title": "L’autre parent n’est pas d’accord",
        "sentence": f"{who} l’a dit le {since}. Rien ne se décide avant que ce soit réglé, et le "
        f"délai de la mairie ne court pas. {what_next}",
        "words": one.words,
        "action": f"{root}/desaccord/lever",
        "label": "Comment c’est réglé (il le lira)" if follows else "Pourquoi vous le levez",
        "button": "Lever ce désaccord",
    }


def _signature(one: ToldHold, root: str, held: Held) -> dict[str, Any]:
    since, until = french.day(one.hold.since), one.hold.until or one.hold.since
    last = french.day(last_day(until))
    is_over = held.at >= until or held.is_alone
    asked = f"Il lui est demandé depuis le {since} ; il a jusqu’à la fin du {last}."
    late = (
        f"Le délai est passé depuis la fin du {last}. Appelez l’autre parent, ou passez outre "
        "en disant pourquoi (code civil, article 372-2)."
    )
    nobody = (
        "Plus personne ne peut le donner : l’autre parent ne suit plus ce dossier. Passez outre en "
        "disant pourquoi, sans attendre la fin du délai."
    )
    return {
        "title": "L’accord de l’autre parent manque",
        "sentence": nobody if held.is_alone else late if is_over else asked,
        "words": "",
        "action": f"{root}/accord/passer-outre" if is_over else "",
        "label": "Pourquoi la mairie s’en passe",
        "button": "Se passer de son accord",
    }


def signed_card(signature: Signature, answers: Answers) -> dict[str, Any]:
    """Who signed, as a card without a form.

    Whoever invites the other guardian chooses the address: a family that had given another one, or
    none, may have invited itself.
    """
    other = answers.get("autre-parent", {})
    said, doubt = other.get("email", "").strip().lower(), ""
    if other.get("has_other") == "yes" and said != signature.email:
        doubt = f" {_ANOTHER_ADDRESS if said else _NO_ADDRESS} {_MAKE_SURE}"
    who = signature.name or "L’autre parent"
    return {
        "name": "signed",
        "title": "L’autre parent est d’accord",
        "sentence": f"{who} a donné son accord le {french.day(signature.at)}.{doubt}",
        "words": "",
        "action": "",
    }
