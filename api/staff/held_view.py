"""What holds a decision, as cards on the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain import french
from domain.deadlines import last_day
from domain.holds import HoldKind
from storage.holds import ToldHold
from storage.records import new_id


def held_cards(
    told: Sequence[ToldHold],
    root: str,
    fields: Mapping[str, str],
    values: Mapping[str, str],
    now: datetime,
) -> Sequence[dict[str, Any]]:
    """A card each: what it is, what was written, and the form by which an agent settles it.

    `root` is the address of the dossier on the desk, `values` what was typed and has to be
    corrected.
    """
    return [
        {
            **(_objection(one, root) if _is_objection(one) else _signature(one, root, now)),
            "fields": {
                **fields,
                "act_id": values.get("act_id") or new_id(),
                "guardian": one.hold.by,
                "card": str(number),
            },
            "name": f"settle-{number}",
            "values": values,
        }
        for number, one in enumerate(told, 1)
    ]


def _is_objection(one: ToldHold) -> bool:
    return one.hold.kind is HoldKind.OBJECTION


def _objection(one: ToldHold, root: str) -> dict[str, Any]:
    who, since = one.name or "L’autre parent", french.day(one.hold.since)
    return {
        "title": "L’autre parent n’est pas d’accord",
        "sentence": f"{who} l’a dit le {since}. Rien ne se décide avant que ce soit réglé, et le "
        "délai de la mairie ne court pas. Appelez les deux parents.",
        "words": one.words,
        "action": f"{root}/desaccord/lever",
        "label": "Comment c’est réglé (il le lira)",
        "button": "Lever ce désaccord",
    }


def _signature(one: ToldHold, root: str, now: datetime) -> dict[str, Any]:
    since, until = french.day(one.hold.since), one.hold.until or one.hold.since
    last = french.day(last_day(until))
    is_over = now >= until
    asked = f"Il lui est demandé depuis le {since} ; il a jusqu’à la fin du {last}."
    late = (
        f"Le délai est passé depuis la fin du {last}. Appelez l’autre parent, ou passez outre "
        "en disant pourquoi (code civil, article 372-2)."
    )
    return {
        "title": "L’accord de l’autre parent manque",
        "sentence": late if is_over else asked,
        "words": "",
        "action": f"{root}/accord/passer-outre" if is_over else "",
        "label": "Pourquoi la mairie s’en passe",
        "button": "Se passer de son accord",
    }
