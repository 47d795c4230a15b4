"""Which addresses are of the public Internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

NAT64 = IPv6Network("64:ff9b::/96")
"""Leads to the IPv4 address in its last four bytes (RFC 6052): how a host without IPv4 reaches most sites."""
REFUSED = [
    *map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")),  # for protocols; 6to4; Azure of itself
    *map(
        IPv6Network,
        (
            "::/96",  # IPv4 in IPv6, in all the ways that were ever thought of
            "::ffff:0:0/96",
            "::ffff:0:0:0/96",
            "64:ff9b:1::/48",
            "2001::/32",  # Teredo
            "2002::/16",  # 6to4
            "3fff::/20",  # for books
            "fec0::/10",  # of one's own site
        ),
    ),
]
"""What Python takes for public, or for public sometimes, and no public site has."""


def is_public(address: str) -> bool:
    """Whether this address, as numbers, is one that the whole Internet shares: neither ours, our network's, our host's
    provider's, nor another one in disguise."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.scope_id is None and found in NAT64:
        return _is_public(IPv4Address(found.packed[-4:]))
    return _is_public(found)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        return False
    apart = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback or found.is_link_local
    return found.is_global and not apart and not any(found in one for one in REFUSED)
