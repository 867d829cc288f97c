"""Nothing that a person typed is in the engine: histories are searched for canary names."""

import json
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload

from domain.states import Action, State
from tests.living_town import ADRESSE, ENFANT, VOUS, LivingTown, eventually

CANARIES = (
    "Zéphyrine",
    "Quetzalcoatl",
    "rue-des-Ornithorynques",
    "0699887766",
    "claire.martin",
    "facture-tres-intime",
    "Motif-tres-personnel",
    "Sophie Garnier",
)


async def test_no_name_no_address_no_word_of_anybody_is_in_a_history(town: LivingTown) -> None:
    dossier = await town.opens(
        vous={**VOUS, "last_name": "Quetzalcoatl", "phone": "0699887766"},
        adresse={**ADRESSE, "street": "1 rue-des-Ornithorynques"},
        enfant={**ENFANT, "first_name": "Zéphyrine"},
    )
    town.mail.answers = ["451 pas maintenant pour claire.martin@exemple.fr"]
    await town.gives(dossier)
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(
        Action.REFUSE, dossier, reason_code="other", words="Motif-tres-personnel de Zéphyrine."
    )
    await town.is_over(dossier)
    await eventually(_all_sent(town))
    history = await town.handle(dossier).fetch_history()
    told = json.dumps([_readable(event) for event in history.events], ensure_ascii=False)
    description = await town.handle(dossier).describe()
    told += str(MessageToDict(description.raw_description))
    assert dossier.id in told  # what is told can be searched
    assert "smtp_451" in told  # and failures are in it
    assert [canary for canary in CANARIES if canary.lower() in told.lower()] == []


def _all_sent(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        return len(town.mail.accepted) == 2

    return is_so


def _readable(event: Any) -> Any:
    """An event with its payloads decoded, wherever they are."""
    decoded = [payload.data.decode("utf-8", "replace") for payload in _payloads(event)]
    return [MessageToDict(event), *decoded]


def _payloads(message: Any) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        if field.message_type.GetOptions().map_entry:
            values = [one for one in value.values() if hasattr(one, "ListFields")]
        else:
            values = list(value) if field.is_repeated else [value]
        for one in values:
            yield from _payloads(one)
