"""What is known of recipients before a plan: consent, suppression, and what they got lately."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tessera.campaigns.consent.standing import ConsentState
from tessera.campaigns.definitions.definition import FrequencyCap
from tessera.campaigns.planning.candidates import Keys, Mask

Codes = npt.NDArray[np.int8]
Days = npt.NDArray[np.int32]

_KEY = "S32"


def keys_of(recipients: Iterable[str]) -> Keys:
    """Return recipients as an array."""
    return np.array(list(recipients), dtype=_KEY)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class EarlierMessages:
    """Messages that people got, or would have got had they not been held out.

    Parameters
    ----------
    recipient : shape (n,)
        One for each message, in any order.
    days_ago : shape (n,)
        Calendar days from the message to the day of the plan. 0 is that day.
    """

    recipient: Keys
    days_ago: Days

    def at_least(self, count: int, *, days: int, recipients: Keys) -> Mask:
        """Return which recipients have had so many messages within so many days.

        Parameters
        ----------
        count
            How many.
        days
            Calendar days, that of the plan included.
        recipients : shape (m,)

        Returns
        -------
        shape (m,)
        """
        lately = np.sort(self.recipient[self.days_ago < days])
        first, last = (np.searchsorted(lately, recipients, side=side) for side in ("left", "right"))
        return np.asarray(last - first >= count)


def no_messages() -> EarlierMessages:
    """Return that nobody has got anything."""
    return EarlierMessages(recipient=keys_of(()), days_ago=np.zeros(0, np.int32))


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class KnownRecipients:
    """What is known of recipients when a plan is made.

    Parameters
    ----------
    states
        Recipients and what their rows of consent come to, in any order
        (``consent.standing.consent_states``). Others have no rows.
    suppressed
        Recipients on the mailbox provider's suppression list.
    messages
        Marketing messages of all campaigns, for the caps. Those that held-out people would have
        got are among them.
    taken
        Those who earlier runs of this campaign took, held-out people included.
    """

    states: Iterable[tuple[str, ConsentState]] = ()
    suppressed: Keys = dataclasses.field(default_factory=lambda: keys_of(()))
    messages: EarlierMessages = dataclasses.field(default_factory=no_messages)
    taken: EarlierMessages = dataclasses.field(default_factory=no_messages)

    def consent(self, recipients: Keys) -> Codes:
        """Return each recipient's ``ConsentState`` as its number.

        Returns
        -------
        shape (m,)
        """
        keys, states = _columns(self.states)
        return _looked_up(recipients, keys, states, default=int(ConsentState.NONE))

    def is_suppressed(self, recipients: Keys) -> Mask:
        """Return which recipients are on the suppression list.

        Returns
        -------
        shape (m,)
        """
        keys = np.sort(self.suppressed)
        marks = np.ones(len(keys), np.int8)
        return _looked_up(recipients, keys, marks, default=0).astype(np.bool_)

    def is_capped(self, recipients: Keys, *, caps: Iterable[FrequencyCap]) -> Mask:
        """Return which recipients have had as many messages as one of the caps allows.

        Returns
        -------
        shape (m,)
        """
        mask = np.zeros(len(recipients), np.bool_)
        for cap in caps:
            mask |= self.messages.at_least(cap.messages, days=cap.days, recipients=recipients)
        return mask

    def is_too_soon(self, recipients: Keys, *, days: int) -> Mask:
        """Return those who the campaign took within so many days. 0 days are no limit.

        Returns
        -------
        shape (m,)
        """
        return self.taken.at_least(1, days=days, recipients=recipients)


def _columns(states: Iterable[tuple[str, ConsentState]]) -> tuple[Keys, Codes]:
    """Return a stream of states as sorted columns, in little memory."""
    digits, codes = bytearray(), bytearray()
    for recipient, state in states:
        digits += recipient.encode()
        codes.append(state)
    keys = np.frombuffer(bytes(digits), _KEY)
    order = np.argsort(keys, kind="stable")
    return keys[order], np.frombuffer(bytes(codes), np.int8)[order]


def _looked_up(recipients: Keys, keys: Keys, values: Codes, *, default: int) -> Codes:
    looked_up = np.full(len(recipients), default, np.int8)
    if len(keys):
        places = np.minimum(np.searchsorted(keys, recipients), len(keys) - 1)
        is_there = keys[places] == recipients
        looked_up[is_there] = values[places[is_there]]
    return looked_up
