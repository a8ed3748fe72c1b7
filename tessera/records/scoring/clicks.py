"""Whether what customers looked at entered a model: a part of churn.json and of the forecasts.

Forecasts decide in the same way about the e-mails that customers opened or clicked.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClickGate:
    """A model with clicks beside the same model without them, on later outcomes.

    Parameters
    ----------
    kept
        Whether the model reads clicks, or e-mails: the gain is surely above 0.
    reason
        Why, in words.
    loss
        What was compared, the lower the better.
    customers
        On whose outcomes. 0 where nothing could be compared, and then there is no figure.
    without, with_clicks
        The mean loss of both.
    gain, gain_error
        Their difference, and its standard error over customers.
    gain_from, gain_to
        The gain, less and plus 1.645 standard errors.
    """

    kept: bool
    reason: str
    loss: str
    customers: int = 0
    without: float | None = None
    with_clicks: float | None = None
    gain: float | None = None
    gain_error: float | None = None
    gain_from: float | None = None
    gain_to: float | None = None
