"""Customers' labels in all sets as one text each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from adapters.tables.columns import Ints
from tessera.segments.groups import Sliced
from tessera.segments.movement.set_labels import Labels

_BLOCK = 1 << 18  # customers whose labels are joined at a time


class JointLabels:
    """Customers' labels as JSON by set, each distinct text made once, and read where some are.

    Parameters
    ----------
    sets
        By set, its labels and the position of each customer's, shape (n,).
    rows
        How many customers there are.
    """

    def __init__(self, sets: Mapping[str, tuple[Sequence[str], Sliced]], *, rows: int) -> None:
        self._sets, self._rows = sets, rows
        self._distinct = np.zeros(0, np.int64)
        for start in range(0, max(rows, 1), _BLOCK):
            here = np.unique(self._numbers(slice(start, start + _BLOCK)))
            self._distinct = np.union1d(self._distinct, here)
        self.texts = [_labels_text(number, sets) for number in self._distinct.tolist()]

    def __getitem__(self, rows: slice) -> Labels:
        """Return the labels of some customers."""
        codes = np.searchsorted(self._distinct, self._numbers(rows)).astype(np.int32)
        return Labels(texts=self.texts, codes=codes)

    def _numbers(self, rows: slice) -> Ints:
        joint = np.zeros(len(range(self._rows)[rows]), np.int64)
        for texts, codes in self._sets.values():
            joint = joint * len(texts) + codes[rows]
        return joint


def _labels_text(number: int, sets: Mapping[str, tuple[Sequence[str], Sliced]]) -> str:
    labels = {}
    for name, (texts, _) in reversed([*sets.items()]):
        number, place = divmod(number, len(texts))
        labels[name] = texts[place]
    return json.dumps({name: labels[name] for name in sets})
