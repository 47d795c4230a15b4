"""What is of the public Internet, and what only looks like it."""

from __future__ import annotations

import pytest

from chatsite.outside.networks import is_public

OWN = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1
64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 fc00::1
fd00:ec2::254 fe80::1 fe80::1%lo 2606:4700::1%lo fec0::1 ff02::1
"""
NONE = ["", "localhost", "127.1", "0x7f.1", "2130706433", "8.8.8.8/32", "8.8.8.8 ", "[::1]"]


@pytest.mark.parametrize("address", [*OWN.split(), *NONE])
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::8.8.8.8"])
def test_public(address: str) -> None:
    assert is_public(address)
