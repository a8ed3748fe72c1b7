"""What customers looked at before each row of a churn model's training table."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from tessera.customers.subscriptions.attributes import AttributeColumns, Ints

# What Prepare adds to the attributes. No file's header gets such a name: see ``sources``.
CLICKS = ("clicks: views_30d", "clicks: sessions_30d", "clicks: last_view_days")


@dataclasses.dataclass(frozen=True, eq=False)
class Clicks:
    """The click columns of a training table.

    Parameters
    ----------
    columns
        As known on the day that each row describes.
    customer : shape (n,)
        Whose row each is, as whole numbers from 0.
    """

    columns: AttributeColumns
    customer: Ints

    def take(self, rows: Ints) -> Clicks:
        """Return some rows, with their customers numbered again."""
        number = np.unique(self.customer[rows], return_inverse=True)[1]
        return Clicks(self.columns.take(rows), number.astype(np.int64))


def apart(attributes: AttributeColumns) -> tuple[AttributeColumns, AttributeColumns]:
    """Return the columns that the files have, and those of clicks."""
    return _only(attributes, attributes.names, but=CLICKS), _only(attributes, CLICKS)


def _only(
    attributes: AttributeColumns, names: Collection[str], *, but: Collection[str] = ()
) -> AttributeColumns:
    there = (name for name in attributes.names if name in names and name not in but)
    return attributes.only(there)
