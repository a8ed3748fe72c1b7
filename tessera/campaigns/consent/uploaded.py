"""What the shop's own data says of consent, beside the rows of consent: as columns, for a plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from tessera.campaigns.consent.brief import ConsentBrief, row_of, state_alone
from tessera.campaigns.consent.importing import uploaded_consent
from tessera.campaigns.consent.row import AskedPurpose, ConsentRow
from tessera.campaigns.consent.standing import ConsentState, consent_state
from tessera.events.consent import DENIED, GRANTED

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_AT_ONCE = 10_000
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class UploadedAnswers:
    """The last answer of each customer who gave one. Every column has shape (n,).

    Parameters
    ----------
    address
        In its normal form, or from ``keyed`` on its key.
    is_granted
        Whether consent was granted rather than denied.
    at_us
        When, in microseconds since 1970.
    """

    address: npt.NDArray[np.object_]
    is_granted: npt.NDArray[np.bool_]
    at_us: npt.NDArray[np.int64]

    def keyed(self, key_of: Callable[[str], str]) -> KeyedAnswers:
        """Return the answers by the keys of their addresses.

        Parameters
        ----------
        key_of
            The function from an address in its normal form to its key.
        """
        return KeyedAnswers(
            recipient=np.array([key_of(one) for one in self.address], "S32"),
            is_granted=self.is_granted,
            at_us=self.at_us,
        )


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class KeyedAnswers:
    """The same by the key of the address. Customers who share one have a row each.

    Parameters
    ----------
    recipient, is_granted, at_us
        As of ``UploadedAnswers``.
    """

    recipient: npt.NDArray[np.bytes_]
    is_granted: npt.NDArray[np.bool_]
    at_us: npt.NDArray[np.int64]

    def rows(self, places: slice) -> list[ConsentRow]:
        """Return some answers as rows of consent."""
        return [
            uploaded_consent(
                recipient.decode(),
                answer=GRANTED if is_granted else DENIED,
                at=_EPOCH + dt.timedelta(microseconds=at_us),
            )
            for recipient, is_granted, at_us in zip(
                self.recipient[places].tolist(),
                self.is_granted[places].tolist(),
                self.at_us[places].tolist(),
                strict=True,
            )
        ]


def joined_answers(parts: Sequence[KeyedAnswers]) -> KeyedAnswers:
    """Return all answers in the order of their recipients."""
    recipient = np.concatenate([np.zeros(0, "S32"), *(one.recipient for one in parts)])
    order = np.argsort(recipient, kind="stable")
    return KeyedAnswers(
        recipient=recipient[order],
        is_granted=np.concatenate([np.zeros(0, np.bool_), *(one.is_granted for one in parts)])[
            order
        ],
        at_us=np.concatenate([np.zeros(0, np.int64), *(one.at_us for one in parts)])[order],
    )


def states_with_uploaded(
    briefs: Iterable[ConsentBrief],
    answers: KeyedAnswers,
    *,
    purpose: AskedPurpose,
    now: dt.datetime,
) -> Iterator[tuple[str, ConsentState]]:
    """Return each recipient's state from rows of consent and the shop's own data, in a stream.

    An answer counts as a row of the same content would. So an opt-out elsewhere beats it.

    Parameters
    ----------
    briefs
        All rows of a tenant, those of one recipient together.
    answers
        In the order of their recipients (``joined_answers``).
    purpose, now
        As of ``consent_state``.
    """
    is_alone = np.ones(len(answers.recipient), np.bool_)
    grouped = (
        (recipient, list(own))
        for recipient, own in itertools.groupby(briefs, key=operator.itemgetter(0))
    )
    while people := list(itertools.islice(grouped, _AT_ONCE)):
        keys = np.array([recipient for recipient, _ in people], "S32")
        places = (np.searchsorted(answers.recipient, keys, side).tolist() for side in _SIDES)
        for (recipient, own), first, last in zip(people, *places, strict=True):
            if len(own) == 1 and first == last:
                yield recipient, state_alone(own[0].facts, purpose=purpose, now=now)
                continue
            is_alone[first:last] = False
            rows = (*map(row_of, own), *answers.rows(slice(first, last)))
            yield recipient, consent_state(rows, purpose=purpose, now=now)
    yield from _alone(answers, is_alone)


def _alone(
    answers: KeyedAnswers, is_alone: npt.NDArray[np.bool_]
) -> Iterator[tuple[str, ConsentState]]:
    """Return the states of those without another row. Of several answers a denial counts."""
    keys, first = np.unique(answers.recipient[is_alone], return_index=True)
    denied = np.zeros(len(keys), np.bool_)
    if len(keys):
        denied = np.logical_or.reduceat(~answers.is_granted[is_alone], first)
    for key, is_denied in zip(keys.tolist(), denied.tolist(), strict=True):
        yield key.decode(), ConsentState.WITHDRAWN if is_denied else ConsentState.GRANTED
