"""What a campaign's workflow and its activity tell each other: ids, codes, moments, counts."""

from dataclasses import dataclass
from datetime import datetime

from domain.campaigns import CampaignState, Funnel


@dataclass(frozen=True)
class OpenCampaign:
    """Run a campaign, or go on with it: everything else is in storage.

    `funnel` is the last one known, for whoever asks before the first turn.
    """

    campaign_id: str
    funnel: Funnel | None = None


@dataclass(frozen=True)
class CampaignTurn:
    """Do what is due for a campaign at this moment, a batch of letters at most."""

    campaign_id: str
    at: datetime


@dataclass(frozen=True)
class Turned:
    """What a turn left: the state, how far the families are, and when to come again.

    A closed campaign has no `next_at`.
    """

    state: CampaignState
    funnel: Funnel
    next_at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """Something was said of the campaign, and is written down under this version."""

    version: int
