"""Nothing that a person typed is in the engine: histories are searched for canary names."""

import json

from google.protobuf.json_format import MessageToDict

from domain.states import Action, State
from tests.histories import readable
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
    told = json.dumps([readable(event) for event in history.events], ensure_ascii=False)
    description = await town.handle(dossier).describe()
    told += str(MessageToDict(description.raw_description))
    assert dossier.id in told  # what is told can be searched
    assert "smtp_451" in told  # and failures are in it
    assert [canary for canary in CANARIES if canary.lower() in told.lower()] == []


def _all_sent(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        return len(town.mail.accepted) == 2

    return is_so
