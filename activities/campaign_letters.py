"""The letters of a campaign: who gets which, and how each reads before it leaves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from activities.letter_writer import LetterWriter
from domain import french
from domain.campaigns import LAST, LETTERS, Position
from domain.paper import has_mail, shown_address
from storage.accounts import PARENT, Account
from storage.campaign_families import ToWrite
from storage.campaigns import Campaign
from storage.store import Store

PREFIX = "campaign_"
KINDS = tuple(f"{PREFIX}{one}" for one in LETTERS)
"""The kinds of letters there are of campaigns."""
_SOMEBODY = Account("", "prenom.nom@exemple.fr", PARENT, "Prénom Nom", "", (), None, None)


class CampaignLetters:
    """Writes letters of campaigns, as rows, inside the transaction of who gets them."""

    def __init__(self, writer: LetterWriter) -> None:
        self._writer = writer

    async def facts(self, store: Store, campaign: Campaign) -> Mapping[str, Any]:
        """What all letters of a campaign say, looked up once."""
        procedure = await store.town.procedure(id=campaign.procedure_id)
        department = await store.town.department(procedure.department)
        lines = (department.name, department.address, f"{department.phone}, {department.email}")
        return {
            "title": campaign.title,
            "until": french.day(campaign.plan.closes_on),
            "department": "\n".join(lines),
        }

    async def write(
        self,
        store: Store,
        campaign: Campaign,
        family: ToWrite,
        letter: str,
        facts: Mapping[str, Any],
        *,
        at: datetime,
        day: str = "",
    ) -> str:
        """Write this letter to this family and give its id; on paper to whoever has no mail.

        Twice with the same `day`: the first one's id.
        """
        account = await store.accounts.by_id(family.account_id)
        if account is None:
            raise LookupError(family.account_id)
        return await self._writer.to_address(
            store,
            shown_address(account.email),
            f"{PREFIX}{letter}",
            path=_path(campaign, family.dossier_id),
            at=at,
            account_id=account.id,
            key=f"{campaign.id}-{account.id}-{day}",
            **_words(campaign, account, letter, family.position),
            **facts,
        )

    async def preview(self, store: Store, campaign: Campaign) -> Mapping[str, tuple[str, str]]:
        """Subject and text of each letter, as it would leave to somebody."""
        facts = await self.facts(store, campaign)
        town = await store.town.card()
        return {
            letter: self._writer.foresee(
                f"{PREFIX}{letter}",
                {
                    **facts,
                    **_words(campaign, _SOMEBODY, letter, Position.NOT_BEGUN),
                    "town": town,
                    "link": f"{self._writer.sender.site_url}{_path(campaign, '')}",
                },
            )
            for letter in LETTERS
            if letter != LAST or campaign.plan.last_on is not None
        }


def _path(campaign: Campaign, dossier_id: str) -> str:
    return f"/dossiers/{dossier_id}" if dossier_id else f"/actualisation/{campaign.slug}"


def _words(
    campaign: Campaign, account: Account, letter: str, position: Position
) -> Mapping[str, Any]:
    return {
        # Letters say a name and no more of an account.
        "account": replace(account, password_hash=None),
        "words": campaign.plan.words.get(letter, ""),
        "position": position.value,
        "on_paper": not has_mail(account.email),
    }
