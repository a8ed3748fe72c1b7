"""Chance that is the same every time: by keyed hash of the address, whatever the order of rows."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tessera.campaigns.planning.candidates import Floats, Keys
from tessera.customers.money import Ints

_CAMPAIGN, _GLOBAL = b"campaign\0", b"global\0"


class Draws(NamedTuple):
    """Two independent numbers for each recipient.

    Parameters
    ----------
    holdout, variant : shape (n,), each in [0, 1)
        Who is held out, and who gets which variant.
    """

    holdout: Floats
    variant: Floats


def campaign_draws(recipients: Keys, *, salt: str) -> Draws:
    """Return what a campaign draws for each recipient.

    Parameters
    ----------
    recipients
        Keyed hashes of addresses.
    salt
        The definition's.
    """
    words = _words(recipients, salt=salt, domain=_CAMPAIGN)
    return Draws(holdout=words[:, 0], variant=words[:, 1])


def global_draws(recipients: Keys, *, salt: str) -> Floats:
    """Return what is drawn for each recipient once for all campaigns.

    Returns
    -------
    shape (n,), each in [0, 1)
    """
    return _words(recipients, salt=salt, domain=_GLOBAL)[:, 0]


def by_shares(draws: Floats, *, shares: Sequence[float]) -> Ints:
    """Return the position of the share that each draw is in.

    Parameters
    ----------
    draws : shape (n,), each in [0, 1)
    shares
        They add to 1.

    Returns
    -------
    shape (n,)
    """
    edges = np.cumsum(shares)[:-1]
    return np.searchsorted(edges, draws, side="right").astype(np.int64)


def _words(recipients: Keys, *, salt: str, domain: bytes) -> Floats:
    """Return the first two words of each HMAC-SHA-256(salt, domain and recipient), as shares."""
    key, digests = salt.encode(), bytearray()
    for recipient in recipients.tolist():
        digests += hmac.digest(key, domain + recipient, "sha256")[:16]
    words = np.frombuffer(bytes(digests), ">u8").reshape(-1, 2)
    # 53 bits, which a float holds exactly: rounding all 64 could give 1.
    return (words >> np.uint64(11)).astype(np.float64) / 2**53
