"""Nothing that a person typed is in the engine: histories are searched for canary names."""

from google.protobuf.json_format import MessageToDict

from domain.states import Action, State
from tests.canaries import all_the_engine_knows, found
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
    told = await all_the_engine_knows(town.handle(dossier))
    description = await town.handle(dossier).describe()
    told += str(MessageToDict(description.raw_description))
    assert dossier.id in told  # what is told can be searched
    assert "smtp_451" in told  # and failures are in it
    assert found({"engine": [told]}, CANARIES) == []


def _all_sent(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        return len(town.mail.accepted) == 2

    return is_so
