"""Seeing that campaigns run, and hear what was said of them while the engine was away."""

from typing import Protocol

from domain.campaigns import CampaignState
from storage.campaigns import Campaign
from storage.store import OpenStore


class CampaignDoor(Protocol):
    """What this needs of the gateway, handed over by the worker."""

    async def tell_campaign(self, campaign_id: str, word: str = "", version: int = 0) -> None:
        """Start a campaign's workflow unless it runs; with a word, tell it."""


class CampaignWatch:
    """What the reconciler does for campaigns, each minute."""

    def __init__(self, open_store: OpenStore, door: CampaignDoor) -> None:
        self._open_store = open_store
        self._door = door

    async def run(self) -> None:
        """Start those that do not run, and tell what is not heard yet. Twice: nothing more."""
        async with self._open_store() as store:
            campaigns = await store.campaigns.at_work()
        for campaign in campaigns:
            await self._door.tell_campaign(campaign.id, word_of(campaign), campaign.version)


def word_of(campaign: Campaign) -> str:
    """What its workflow has to be told: the signal's name; "" when it has heard everything."""
    if campaign.heard >= campaign.version:
        return ""
    return _WORDS.get(campaign.state, "extend")


_WORDS = {CampaignState.PAUSED: "pause", CampaignState.CLOSED: "close"}
