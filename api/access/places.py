"""From where somebody asks: the network address, as attempts are counted by it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi import Request

_HOUSEHOLD_BITS = 64


def place_of(request: Request) -> str:
    """The address of whoever asks; of an IPv6 one the network (/64), which one household has.

    Behind a proxy that the settings name, it is what the proxy says; see `Settings.proxies`.
    """
    return place_named(request.client.host if request.client else "")


def place_named(host: str) -> str:
    """The place of this address; what is no address stands for itself."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, _HOUSEHOLD_BITS), strict=False))
