"""Purchases that the local simulator made up, apart from the shop's own.

Only a local console writes them. Results that count them are marked as simulated.
"""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.errors import InvalidInput
from tessera.naming import simulated_purchases_key

_AS_OF = b"tessera.as_of"
_SCHEMA = pa.schema(
    {
        "customer_key": pa.string(),
        "day": pa.int64(),  # since 1970, in the shop's time zone
        "amount": pa.float64(),
        "is_order": pa.bool_(),
    }
)


class SimulatedPurchases:
    """The made-up purchases of one campaign's people.

    Parameters
    ----------
    data
        The data bucket.
    tenant, campaign
        Which campaign.
    """

    def __init__(self, data: Objects, *, tenant: str, campaign: str) -> None:
        self._data, self._key = data, simulated_purchases_key(tenant, campaign)

    def write(self, rows: PurchaseRows, *, as_of: dt.date) -> None:
        """Write them, in place of those before.

        Parameters
        ----------
        rows
            All purchases of the campaign's people.
        as_of
            The day that the simulation has come to. Purchases until the day before are known.
        """
        columns = vars(rows) | {"customer_key": [one.decode() for one in rows.customer_key]}
        schema = _SCHEMA.with_metadata({_AS_OF: as_of.isoformat().encode()})
        content = io.BytesIO()
        pq.write_table(pa.table(columns, schema=schema), content)
        self._data.write(self._key, content.getvalue())

    def read(self) -> tuple[PurchaseRows, dt.date] | None:
        """Return the purchases and their ``as_of``. None where nothing was simulated.

        Raises
        ------
        InvalidInput
            The file is not one of the simulator's.
        """
        if not self._data.exists(self._key):
            return None
        table = pq.read_table(io.BytesIO(self._data.read(self._key)))
        as_of = (table.schema.metadata or {}).get(_AS_OF)
        if as_of is None or not table.schema.remove_metadata().equals(_SCHEMA):
            raise InvalidInput(
                f"{self._key} is not as the simulator writes it: expected the columns "
                f"{', '.join(_SCHEMA.names)} and the day {_AS_OF.decode()}. Simulate again"
            )
        rows = PurchaseRows(
            customer_key=np.array(table["customer_key"].to_pylist(), "S36"),
            day=table["day"].to_numpy(),
            amount=table["amount"].to_numpy(),
            is_order=table["is_order"].to_numpy(),
        )
        return rows, dt.date.fromisoformat(as_of.decode())
