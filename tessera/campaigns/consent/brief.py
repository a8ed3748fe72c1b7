"""A row of consent in brief: what decides about a state, as a plan reads a million of them."""

from __future__ import annotations

import datetime as dt
import functools
from typing import NamedTuple, cast

from tessera.campaigns.consent.row import (
    AskedPurpose,
    ConsentBasis,
    ConsentChannel,
    ConsentEvent,
    ConsentPurpose,
    ConsentRow,
    ConsentSource,
)
from tessera.campaigns.consent.standing import ConsentState, consent_state

_BETWEEN = "|"
_PROVED = "proved"
_ANYBODY = "0" * 32
_ANY_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC).isoformat()


class ConsentBrief(NamedTuple):
    """A row of consent without what makes no difference to a state.

    Parameters
    ----------
    recipient
        As of ``ConsentRow``.
    at
        When, in ISO 8601.
    facts
        The rest (``facts_of``). Rows of many people have the same.
    """

    recipient: str
    at: str
    facts: str


def facts_of(row: ConsentRow) -> str:
    """Return what decides about a state, but for person and moment. ``row_of`` reads it."""
    proved = _PROVED if row.proof else ""
    ends = row.expires_at.isoformat() if row.expires_at else ""
    return _BETWEEN.join(
        (row.channel, row.purpose, row.state, row.basis or "", row.source, proved, ends)
    )


def row_of(brief: ConsentBrief) -> ConsentRow:
    """Return a row that comes to the same state as the one that it was made of."""
    channel, purpose, state, basis, source, proof, ends = brief.facts.split(_BETWEEN)
    return ConsentRow(
        recipient=brief.recipient,
        channel=cast(ConsentChannel, channel),
        purpose=cast(ConsentPurpose, purpose),
        state=cast(ConsentEvent, state),
        basis=cast(ConsentBasis, basis) if basis else None,
        source=cast(ConsentSource, source),
        at=dt.datetime.fromisoformat(brief.at),
        proof=proof,
        expires_at=dt.datetime.fromisoformat(ends) if ends else None,
    )


@functools.lru_cache(maxsize=8192)
def state_alone(facts: str, *, purpose: AskedPurpose, now: dt.datetime) -> ConsentState:
    """Return what one row comes to by itself, which is the same whenever it was stated."""
    only = row_of(ConsentBrief(_ANYBODY, _ANY_TIME, facts))
    return consent_state([only], purpose=purpose, now=now)
