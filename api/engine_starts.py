"""How the engine is reached, and how the workflows of dossiers and letters are started in it.

Only the gateway comes in here.
"""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from api.engine_room import DOSSIER_STATE
from domain.campaign_messages import OpenCampaign, Said
from domain.messages import OpenDossier, SendLetter
from storage.dossiers import Dossier
from workflows.actualisation import Actualisation
from workflows.campaign import Campaign
from workflows.change import Change
from workflows.letter import LetterDelivery
from workflows.lifecycle import Lifecycle
from workflows.payloads import DATA_CONVERTER
from workflows.registration import Registration

QUEUE = "dossiers"
REPLY_WITHIN = timedelta(seconds=3)
_KINDS: dict[str, type[Lifecycle]] = {
    "registration": Registration,
    "actualisation": Actualisation,
    "change": Change,
}
_KIND = SearchAttributeKey.for_keyword("DossierKind")
_DEPARTMENT = SearchAttributeKey.for_keyword("Department")


async def connect(address: str, namespace: str, *, lazy: bool = True) -> Client:
    """A client of the engine; a lazy one connects when first used, which a worker cannot do.

    Raises:
        RuntimeError: not lazy, and the engine does not answer.
    """
    return await Client.connect(
        address, namespace=namespace, data_converter=DATA_CONVERTER, lazy=lazy
    )


async def start_dossier(client: Client, dossier: Dossier, opening: OpenDossier) -> None:
    """Start the workflow of a dossier's kind; one that runs is left alone.

    Raises:
        RPCError: the engine does not answer.
    """
    await client.start_workflow(
        _KINDS[dossier.kind].run,  # type: ignore[attr-defined]
        opening,
        id=f"dossier-{dossier.id}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(_KIND, dossier.kind),
                SearchAttributePair(_DEPARTMENT, dossier.department),
                SearchAttributePair(DOSSIER_STATE, dossier.state.value),
            ]
        ),
        rpc_timeout=REPLY_WITHIN,
    )


async def tell_campaign(client: Client, campaign_id: str, word: str, version: int) -> None:
    """Start a campaign's workflow unless it runs; with a `word`, tell it that this was said.

    Raises:
        RPCError: the engine does not answer.
    """
    await client.start_workflow(
        Campaign.run,
        OpenCampaign(campaign_id),
        id=f"campaign-{campaign_id}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal=word or None,
        start_signal_args=[Said(version)] if word else [],
        rpc_timeout=REPLY_WITHIN,
    )


async def start_letter(client: Client, letter_id: str) -> None:
    """Start the delivery of a letter that belongs to no dossier. Twice: once.

    Raises:
        RPCError: the engine does not answer.
    """
    try:
        await client.start_workflow(
            LetterDelivery.run,
            SendLetter(letter_id),
            id=f"letter-{letter_id}",
            task_queue=QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=REPLY_WITHIN,
        )
    except WorkflowAlreadyStartedError:
        return
