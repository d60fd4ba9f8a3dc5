"""Where a request comes from, and whether a service lets its people and machines work from there: plain values."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NOWHERE = "0.0.0.0"


def address_of(remote: str, forwarded: str, proxies: int) -> str:
    """The address of the client: what the outermost of our own proxies saw, never what a client says of itself."""
    seen = forwarded.split(",") if proxies else []
    told = seen[-proxies].strip() if len(seen) >= proxies > 0 else ""
    try:
        return str(ipaddress.ip_address(told or remote))
    except ValueError:
        return NOWHERE


def allows(networks: Mapping[str, Sequence[Network]], service: str, address: str) -> bool:
    """Whether a service lets somebody work from an address: anywhere, unless it names networks."""
    own = networks.get(service)
    return own is None or any(ipaddress.ip_address(address) in network for network in own)
