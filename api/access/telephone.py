"""What the pages of a second factor show: the picture to scan, and new recovery codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.access.codes import (
    address_of,
    new_recovery_codes,
    picture_of,
    recovery_hash,
    spelled,
)
from storage.accounts import Account
from storage.second_factors import SecondFactor
from storage.store import Store


async def telephone_view(store: Store, account: Account, factor: SecondFactor) -> Mapping[str, Any]:
    """The secret that has yet to be proven: as a picture, as an address, as signs to type."""
    address = address_of(factor.pending, account.email, (await store.town.card()).name)
    return {
        "picture": picture_of(address),
        "address": address,
        "secret": spelled(factor.pending),
    }


async def make_recovery_codes(store: Store, account_id: str, at: datetime) -> Sequence[str]:
    """Ten new codes, which nobody can ever read again; those from before are over."""
    codes = new_recovery_codes()
    await store.second_factors.replace_codes(account_id, [recovery_hash(one) for one in codes], at)
    return codes
