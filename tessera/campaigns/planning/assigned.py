"""Who a run took, as columns: what later plans and the results need, without addresses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.campaigns.planning.candidates import Keys, Mask, Texts, texts_of
from tessera.campaigns.planning.chunks import RecipientChunk
from tessera.campaigns.planning.known import EarlierMessages, keys_of

DayNumbers = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Assigned:
    """People as runs of a campaign assigned them. Every column has shape (n,).

    Parameters
    ----------
    recipient
        Keyed hashes of addresses.
    customer_key
        Their purchases count. Empty for receivers who are no customers.
    day
        Days since 1970 of the plan, in the shop's time zone.
    is_held_out
        Whether nothing was sent.
    variant
        What was sent, or would have been.
    churn_band, value_tier
        On that day, an empty text where unknown.
    """

    recipient: Keys
    customer_key: Keys
    day: DayNumbers
    is_held_out: Mask
    variant: Texts
    churn_band: Texts
    value_tier: Texts

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.recipient)

    def where(self, mask: Mask | DayNumbers) -> Assigned:
        """Return some of the people."""
        return Assigned(**{name: column[mask] for name, column in vars(self).items()})


def assigned_of(chunk: RecipientChunk, *, day: int) -> Assigned:
    """Return a chunk's people as columns.

    Parameters
    ----------
    chunk
        Of those who are written to, or who are held out.
    day
        Days since 1970 of the plan, in the shop's time zone.
    """
    people, count = chunk.recipients, len(chunk.recipients)
    return Assigned(
        recipient=keys_of(one.recipient for one in people),
        customer_key=np.array([one.customer_key for one in people], "S36"),
        day=np.full(count, day, np.int64),
        is_held_out=np.full(count, chunk.is_held_out, np.bool_),
        variant=texts_of(one.variant for one in people),
        churn_band=texts_of(one.churn_band for one in people),
        value_tier=texts_of(one.value_tier for one in people),
    )


def nobody() -> Assigned:
    """Return no people."""
    return Assigned(
        recipient=np.zeros(0, "S32"),
        customer_key=np.zeros(0, "S36"),
        day=np.zeros(0, np.int64),
        is_held_out=np.zeros(0, np.bool_),
        variant=texts_of(()),
        churn_band=texts_of(()),
        value_tier=texts_of(()),
    )


def joined(parts: Sequence[Assigned]) -> Assigned:
    """Return the people of several chunks or runs, at least one."""
    names = [field.name for field in dataclasses.fields(Assigned)]
    return Assigned(**{n: np.concatenate([getattr(one, n) for one in parts]) for n in names})


def earlier_messages(assigned: Assigned, *, today: int) -> EarlierMessages:
    """Return one message for each person of earlier runs, also for the held out.

    What became of a message makes no difference: the held out have nothing like it. A cap that
    counted fewer messages for the treated would make the two groups different. Runs that never
    began to send are not among the earlier ones.

    Parameters
    ----------
    assigned
        Of the campaign, for its days, or of all campaigns, for the caps.
    today
        Days since 1970 of the plan.
    """
    return EarlierMessages(
        recipient=assigned.recipient, days_ago=(today - assigned.day).astype(np.int32)
    )
