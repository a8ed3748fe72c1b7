"""Settle the claims of workers that died, and of calls without a clear answer.

Any event of a message proves that the service accepted it. The lack of one proves nothing: events
are best effort. So what is not proved is listed for a person, never sent again and never guessed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from tessera.campaigns.sending.outcomes import (
    CLAIMED,
    SENT,
    UNKNOWN,
    RecipientRow,
    RecipientState,
)

# How long a claim may belong to a worker that lives: a function ends after 15 minutes at most.
CLAIM_LASTS = dt.timedelta(minutes=15)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settled:
    """A recipient whose claim is settled.

    Parameters
    ----------
    recipient
        Which.
    state
        SENT where an event proves it, UNKNOWN otherwise.
    message_id
        Of the event that proves it.
    """

    recipient: str
    state: RecipientState
    message_id: str = ""


def settled(
    rows: Iterable[RecipientRow], *, accepted: Mapping[str, str], at: dt.datetime
) -> list[Settled]:
    """Return what changes for unsettled rows. A claim that is too young stays.

    Parameters
    ----------
    rows
        CLAIMED and UNKNOWN ones. The latter change when an event comes late.
    accepted
        Message ids by recipient, of recipients that any event names.
    at
        Now.
    """
    changes = []
    for row in rows:
        if row.recipient in accepted:
            message_id = accepted[row.recipient]
            changes.append(Settled(recipient=row.recipient, state=SENT, message_id=message_id))
        elif row.state == CLAIMED and at - row.at >= CLAIM_LASTS:
            changes.append(Settled(recipient=row.recipient, state=UNKNOWN))
    return changes
