"""Each customer's segment: one look into a table of all cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tessera.segments.definition import Definition

Codes = npt.NDArray[np.signedinteger]  # positions among labels


def segment_codes(cells: Codes, *, definition: Definition) -> Codes:
    """Return the position of each customer's segment in ``definition.everyone``.

    Parameters
    ----------
    cells
        Shape (n,): the scores as one number such as 543, or 0 for a customer without scores
        (see ``RfmScores.cells``), who is a Prospect.
    definition
        Complete, so that every cell has a segment.

    Returns
    -------
    shape (n,)
    """
    table = np.full(1000, len(definition.segments), np.int16)
    for position, segment in enumerate(definition.segments):
        table[[int(cell) for cell in segment.cells]] = position
    return table[cells]
