"""Which sets read the labels of which others, and the order to compute them in. Needs no NumPy."""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Mapping
from typing import Any

from tessera.errors import InvalidInput
from tessera.segments.sets.combined import is_combined
from tessera.segments.sets.conditional import is_conditional, parse_conditional


def references(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the sets that a set's TOML document reads, known or not.

    Raises
    ------
    InvalidInput
        It is a conditional set, and it is wrong.
    """
    if is_combined(document):
        of = document["of"]
        names = of if isinstance(of, (list, tuple)) else ()
        return tuple(name for name in names if isinstance(name, str))
    return parse_conditional(document).reads if is_conditional(document) else ()


def computing_order(reads: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return sets in an order in which each stands after those that it reads.

    Parameters
    ----------
    reads
        By set, the names of those that it reads. Names that are no key are ignored.

    Raises
    ------
    InvalidInput
        Sets read each other in a circle. The message names it.
    """
    graph = {name: [one for one in of if one in reads] for name, of in reads.items()}
    try:
        return tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = " → ".join(repr(name) for name in reversed(error.args[1]))
        raise InvalidInput(
            f"segment sets read each other's labels in a circle: {circle}. Remove one of these "
            "references"
        ) from error
