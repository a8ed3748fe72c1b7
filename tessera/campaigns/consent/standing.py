"""What a person's rows of consent come to at one moment."""

from __future__ import annotations

import datetime as dt
import enum
import itertools
import operator
from collections.abc import Iterable, Iterator, Sequence

from tessera.campaigns.consent.row import (
    EXPRESS,
    GRANTED,
    AskedPurpose,
    ConsentChannel,
    ConsentRow,
)

_SUPPRESSING = ("bounced", "complained")
BY_RECIPIENT = operator.attrgetter("recipient")


class ConsentState(enum.IntEnum):
    """What a person's rows come to."""

    NONE = 0  # nothing is known, or an implied consent has lapsed
    GRANTED = 1
    EXPIRED = 2  # an express consent had an end, which is past
    WITHDRAWN = 3
    SUPPRESSED = 4  # the address bounced, or its owner complained


def consent_state(
    rows: Iterable[ConsentRow],
    *,
    purpose: AskedPurpose,
    now: dt.datetime,
    channel: ConsentChannel = "email",
) -> ConsentState:
    """Return what one person's rows come to. Their order makes no difference.

    The latest stop (an opt-out, complaint or bounce) beats every grant but one: a later express
    opt-in by the person itself, with proof. So no import brings back somebody who has opted out,
    whenever it comes. At the same moment the stop counts.

    Parameters
    ----------
    rows
        All of one recipient, of any purpose and channel.
    purpose, channel
        What is asked. Complaints and bounces count for every purpose of their channel, and for
        ``transactional`` messages nothing else does.
    now
        The moment that is asked about. Later rows count too: a clock may be ahead.
    """
    grants: list[ConsentRow] = []
    stops: list[ConsentRow] = []
    for row in rows:
        if row.channel != channel:
            continue
        if row.state in _SUPPRESSING:
            stops.append(row)
        elif row.purpose == purpose:
            (grants if row.state == GRANTED else stops).append(row)
    if stops:
        last = max(row.at for row in stops)
        grants = [row for row in grants if row.is_own_opt_in and row.at > last]
        if not grants:
            return _stopped([row for row in stops if row.at == last])
    return _granted(grants, now)


def _stopped(rows: Sequence[ConsentRow]) -> ConsentState:
    # An opt-out is the person's own word: it is named before what a provider reported.
    if all(row.state in _SUPPRESSING for row in rows):
        return ConsentState.SUPPRESSED
    return ConsentState.WITHDRAWN


def _granted(grants: Sequence[ConsentRow], now: dt.datetime) -> ConsentState:
    if any(row.expires_at is None or row.expires_at > now for row in grants):
        return ConsentState.GRANTED
    if any(row.basis == EXPRESS for row in grants):
        return ConsentState.EXPIRED
    return ConsentState.NONE


def consent_states(
    rows: Iterable[ConsentRow],
    *,
    purpose: AskedPurpose,
    now: dt.datetime,
    channel: ConsentChannel = "email",
) -> Iterator[tuple[str, ConsentState]]:
    """Return each recipient's state, in a stream.

    Parameters
    ----------
    rows
        All rows of a tenant, those of one recipient together.
    purpose, now, channel
        As of ``consent_state``.
    """
    for recipient, own in itertools.groupby(rows, key=BY_RECIPIENT):
        yield recipient, consent_state(own, purpose=purpose, now=now, channel=channel)
