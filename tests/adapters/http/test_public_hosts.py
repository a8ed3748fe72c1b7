"""Which addresses are everybody's."""

from __future__ import annotations

import pytest

from adapters.http.public_hosts import is_public


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111"])
def test_what_everybody_reaches_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00:ec2::254",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"],
)  # fmt: skip
def test_what_only_a_network_reaches_is_not(address):
    assert not is_public(address)
