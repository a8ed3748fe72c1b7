"""Thresholds as a run recorded them, exact again: to rescore with, or to freeze. No NumPy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tessera.customers.units import MEASURES, UNITS
from tessera.segments.definition import Definition


def recorded_thresholds(record: Mapping[str, Sequence[float]]) -> dict[str, tuple[int, ...]]:
    """Return the thresholds of a score record as whole numbers that score alike.

    Parameters
    ----------
    record
        By measure, in days, orders and units of the currency, as in ``score_record``.

    Returns
    -------
    dict
        By measure, in its integer unit. A quantile between two integers becomes its floor, which
        is what scores compare with. Six recorded decimals are enough for that, as quantiles are
        ninths at the finest.
    """
    return {
        name: tuple(
            int((Decimal(str(value)) * UNITS[name]).to_integral_value("ROUND_FLOOR"))
            for value in record[name]
        )
        for name in MEASURES
    }


def frozen(
    definition: Definition, *, earlier: Definition, thresholds: Mapping[str, Sequence[int]]
) -> Definition:
    """Return the definition with an earlier run's thresholds where it fixes none itself.

    Parameters
    ----------
    definition
        What the run would be scored by.
    earlier
        What the earlier run was scored by. With another scale or other measures its thresholds
        mean something else, and the definition is returned as it is.
    thresholds
        The earlier run's, as ``recorded_thresholds`` gives them.
    """
    if (earlier.scale, earlier.measures) != (definition.scale, definition.measures):
        return definition
    kept = {name: tuple(edges) for name, edges in thresholds.items()}
    return dataclasses.replace(definition, thresholds={**kept, **definition.thresholds})
