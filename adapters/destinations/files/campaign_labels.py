"""Labels of campaigns that one destination gets beside those of profiles."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.destinations.files.customer_batches import CustomerBatch
from tessera.destinations.port import labels_of

REMOVED = ""  # the label of a campaign whose attribute the destination has to remove


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class LabelledCustomers:
    """Customers with a label in one set.

    Parameters
    ----------
    set
        The set's name.
    keys : shape (n,)
        Customer keys in ascending order, each once.
    labels : shape (n,)
        The label of each.
    """

    set: str
    keys: npt.NDArray[np.bytes_]
    labels: npt.NDArray[np.object_]

    def of(self, keys: npt.NDArray[np.bytes_]) -> npt.NDArray[np.object_]:
        """Return the label of each key, None where it has none."""
        matched = np.full(len(keys), None, np.object_)
        if len(self.keys):
            places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            is_known = self.keys[places] == keys
            matched[is_known] = self.labels[places[is_known]]
        return matched


class CampaignLabels:
    """Adds labels to the batches of one destination, and counts them.

    Parameters
    ----------
    sets
        Customers by set.
    removed
        Sets whose attribute the destination has to remove.
    """

    def __init__(self, sets: Sequence[LabelledCustomers], *, removed: Sequence[str] = ()) -> None:
        self.sets = tuple(sets)
        self._removed = dict.fromkeys(removed, REMOVED)
        self.sizes: dict[str, Counter[str]] = {one.set: Counter() for one in sets}

    def add_to(self, batch: CustomerBatch) -> CustomerBatch:
        """Return a batch whose profiles also have these labels."""
        profiles = batch.profiles
        keys = np.array(profiles.column("customer_key").to_pylist(), np.bytes_)
        columns = {one.set: one.of(keys).tolist() for one in self.sets}
        for name, labels in columns.items():
            self.sizes[name].update(label for label in labels if label is not None)
        if not self._removed and not any(map(any, columns.values())):
            return batch
        known = profiles.column("labels").to_pylist()
        rows = list(zip(known, *columns.values(), strict=True))
        texts = {alike: self._text(*alike) for alike in dict.fromkeys(rows)}  # few are distinct
        return batch.with_labels(pa.array([texts[alike] for alike in rows], pa.string()))

    def _text(self, known: str | None, *labels: str | None) -> str | None:
        names = (one.set for one in self.sets)
        own = {name: one for name, one in zip(names, labels, strict=True) if one is not None}
        added = self._removed | own
        return json.dumps({**labels_of(known), **added}, ensure_ascii=False) if added else known
