"""Whether views and sessions count in a correction: learnt with them and without, then compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Generic, TypeVar

from tessera.customers.forecasting.click_gate import click_gate, not_compared
from tessera.customers.forecasting.history.features import without_views
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.clicks import ClickGate
from tessera.records.scoring.learnt_forecasts import LearntChance, LearntOrders

Correction = TypeVar("Correction", LearntOrders, LearntChance)
_NO_TEST = "nothing could be learnt before the latest days"


@dataclasses.dataclass(frozen=True)
class TestedCorrection(Generic[Correction]):
    """A correction that was learnt before the latest days, and its loss for each customer then.

    Parameters
    ----------
    learnt
        With what these days proved of it.
    losses : shape (n,)
        None where nothing was learnt.
    """

    learnt: Correction
    losses: Floats | None


def unproven(names: Sequence[str], *, loss: str) -> tuple[ClickGate | None, ...]:
    """Return the gates to learn with: without clicks, and then with them.

    Parameters
    ----------
    names
        Of all features. Where none is of views, there is nothing to decide: one gate, None.
    loss
        What will be compared.
    """
    if len(without_views(names)) == len(names):
        return (None,)
    refused = not_compared(_NO_TEST, loss=loss)
    return refused, dataclasses.replace(refused, kept=True)


def proven_clicks(
    tested: Sequence[TestedCorrection[Correction]], *, loss: str
) -> tuple[Correction, ClickGate | None]:
    """Return the correction that counts, and why it reads clicks or does not.

    Parameters
    ----------
    tested
        One for each gate of ``unproven``, each blended as far as it proved itself.
    """
    if len(tested) == 1:
        return tested[0].learnt, None
    without, with_clicks = tested[0].losses, tested[1].losses
    if without is None or with_clicks is None:
        return tested[0].learnt, tested[0].learnt.clicks
    gate = click_gate(without, with_clicks, loss=loss)
    return tested[1 if gate.kept else 0].learnt, gate
