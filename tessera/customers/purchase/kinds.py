"""The purchase models there are, by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.customers.purchase.beta_geometric import BgNbd, MbgNbd
from tessera.customers.purchase.pareto import ParetoNbd
from tessera.errors import InvalidInput

Model = BgNbd | MbgNbd | ParetoNbd
KINDS: Mapping[str, type[Model]] = {kind.name: kind for kind in (BgNbd, MbgNbd, ParetoNbd)}


def parameter_names(kind: str) -> tuple[str, ...]:
    """Return the names of a kind's parameters, in the order of all derivatives."""
    return tuple(field.name for field in dataclasses.fields(KINDS[kind]))


def model_of(kind: str, parameters: Mapping[str, float]) -> Model:
    """Return a model with given parameters per day, such as those of an earlier fit.

    Raises
    ------
    InvalidInput
        There is no such kind.
    """
    if kind not in KINDS:
        raise InvalidInput(f"purchase model is {kind!r}: expected one of {', '.join(KINDS)}")
    return KINDS[kind](**parameters)
