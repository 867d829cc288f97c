"""People without a mail address: what they have instead, and where their letters go.

Their account has an address that no mail can have, as those of other software have: nobody comes in
by it, and nobody is ever shown it. Their letters are printed.
"""

from typing import Final

_PLACE: Final = "@sans-mail"
NO_ADDRESS: Final = "Sans adresse mail"
"""What is shown where an address would be."""


def paper_address(account_id: str) -> str:
    """The address of an account without mail."""
    return f"accueil-{account_id}{_PLACE}"


def erased_address(account_id: str) -> str:
    """The address of an account that was closed at its owner's wish."""
    return f"efface-{account_id}{_PLACE}"


def has_mail(address: str) -> bool:
    """Whether letters can be mailed to this address."""
    return bool(address) and not address.endswith(_PLACE)


def shown_address(address: str) -> str:
    """The address as people may see it; empty for whoever has none."""
    return address if has_mail(address) else ""
