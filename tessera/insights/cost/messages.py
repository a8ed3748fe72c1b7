"""What the messages of a campaign cost, computed from how many were sent."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.insights.cost.price_list import price_list

REGION = "us-east-1"
_MILLION = 1_000_000
# Of one message in the table of campaigns: its claim, its outcome, the places by which events and
# its customer lead to it, and two events, its acceptance and its delivery.
_WRITES = 6
# Consent before the claim, and the row when its chunk is opened.
_READS = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class CostPart:
    """One part of a cost.

    Parameters
    ----------
    part
        What is billed: ``mails``, ``writes`` or ``reads``.
    units
        How many.
    usd
        Its price.
    """

    part: str
    units: int
    usd: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageCost:
    """What a run's messages cost at list prices. Functions come on top, and take little.

    Parameters
    ----------
    region, priced_on
        Of the prices, and their day.
    parts
        What is billed.
    usd
        All parts together.
    """

    region: str
    priced_on: dt.date
    parts: tuple[CostPart, ...]
    usd: float


def message_cost(sent: int, *, by_mail: bool) -> MessageCost:
    """Return what messages cost.

    Parameters
    ----------
    sent
        How many were accepted.
    by_mail
        Whether SES sent them.
    """
    prices = price_list(REGION)
    assert prices is not None  # noqa: S101 (the file ships with this module)
    units = {"mails": sent if by_mail else 0, "writes": _WRITES * sent, "reads": _READS * sent}
    parts = tuple(
        CostPart(part=part, units=number, usd=_dollars(number * prices.messages[part] / _MILLION))
        for part, number in units.items()
    )
    return MessageCost(
        region=REGION,
        priced_on=prices.priced_on,
        parts=parts,
        usd=_dollars(sum(part.usd for part in parts)),
    )


def _dollars(usd: float) -> float:
    """Return an amount to a ten-thousandth of a cent."""
    return round(usd, 6)
