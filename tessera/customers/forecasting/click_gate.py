"""Whether contacts may enter a model: only where they surely lower the loss of later outcomes.

Clicks are views and sessions. E-mails are those that were opened or clicked.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.money import Ints
from tessera.plurals import plural
from tessera.records.scoring.clicks import ClickGate

Floats = npt.NDArray[np.float64]
_DIGITS = 6


def click_gate(
    without: Floats,
    with_clicks: Floats,
    *,
    loss: str,
    customer: Ints | None = None,
    of: str = "clicks",
) -> ClickGate:
    """Compare a model with clicks to the same model without them.

    Parameters
    ----------
    without, with_clicks : shape (n,)
        The losses of the same outcomes, which neither model had seen.
    loss
        What they are, in words.
    customer : shape (n,)
        Whose outcome each is, as whole numbers from 0. By default each is a customer's only one.
        Outcomes of one customer are alike, so they count as one observation of the error.
    of
        What the model reads more, in words.
    """
    gains = without - with_clicks
    count, gain = len(gains), float(gains.mean()) if len(gains) else 0.0
    whose = np.arange(count) if customer is None else customer
    off = np.bincount(whose, weights=gains - gain)
    error = math.sqrt(float((off**2).sum())) / max(count, 1)
    customers = len(np.unique(whose))
    low, high = gain - SURE * error, gain + SURE * error
    kept = gain > 0 and low > 0
    before = float(without.mean()) if count else 0.0
    after = before - gain
    figures = (
        f"on {plural(customers, 'customer')} that it had not seen, the {loss} is {after:.4f} with "
        f"{of} and {before:.4f} without. The gain is {gain:.4f}, between {low:.4f} and {high:.4f}"
    )
    proven = "count" if kept else "do not count, because they prove nothing"
    return ClickGate(
        kept=kept,
        reason=f"{of.capitalize()} {proven}: {figures}",
        loss=loss,
        customers=customers,
        without=round(before, _DIGITS),
        with_clicks=round(after, _DIGITS),
        gain=round(gain, _DIGITS),
        gain_error=round(error, _DIGITS),
        gain_from=round(low, _DIGITS),
        gain_to=round(high, _DIGITS),
    )


def not_compared(reason: str, *, loss: str, of: str = "clicks") -> ClickGate:
    """Return the gate where nothing can be compared.

    Parameters
    ----------
    reason
        Why, after "because".
    of
        What would be read more, in words.
    """
    verdict = f"{of.capitalize()} do not count, because {reason}"
    return ClickGate(kept=False, reason=verdict, loss=loss)
