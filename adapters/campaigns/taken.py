"""Who a run took, as a Parquet file beside its manifest. It has no addresses, unlike chunks."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from adapters.campaigns.run_files import CampaignFiles
from tessera.campaigns.planning.assigned import Assigned, joined, nobody
from tessera.campaigns.planning.candidates import Keys
from tessera.errors import InvalidInput
from tessera.naming import CAMPAIGN_TAKEN, campaign_run_prefix

# The keys are ASCII of a fixed width, as in the arrays of NumPy: zeros fill what is short.
_WIDTHS = {"recipient": 32, "customer_key": 36}
_SCHEMA = pa.schema(
    {
        **{name: pa.binary(width) for name, width in _WIDTHS.items()},
        "day": pa.int64(),
        "is_held_out": pa.bool_(),
        "variant": pa.string(),
        "churn_band": pa.string(),
        "value_tier": pa.string(),
        "is_held_globally": pa.bool_(),
    }
)
_GLOBALLY = "is_held_globally"
# Runs of earlier versions lack them. Their people have no label then, and nobody was kept beside.
_ADDED = {"value_tier": "", _GLOBALLY: False}
_SHARE = b"global_share"  # of the file's own key and value texts


class TakenPeople:
    """The people of one run.

    Parameters
    ----------
    identities
        The identities bucket.
    tenant, run_id
        Which run.
    """

    def __init__(self, identities: Objects, *, tenant: str, run_id: str) -> None:
        self._objects, self._run_id = identities, run_id
        self._key = campaign_run_prefix(tenant, run_id) + CAMPAIGN_TAKEN

    def write(
        self,
        people: Assigned,
        *,
        held_globally: Assigned | None = None,
        global_share: float | None = None,
    ) -> None:
        """Write everybody, held-out people included, and the global holdout beside.

        Parameters
        ----------
        people
            Who the run took.
        held_globally
            Who it would have taken, but for the global holdout. None for nobody.
        global_share
            The global holdout's share at the plan. None where it is not known.
        """
        beside = held_globally if held_globally is not None else nobody()
        columns = {
            name: _fixed(column, width=_WIDTHS[name]) if name in _WIDTHS else pa.array(column)
            for name, column in vars(joined([people, beside])).items()
        }
        columns[_GLOBALLY] = pa.array([False] * len(people) + [True] * len(beside))
        content = io.BytesIO()
        kept = {} if global_share is None else {_SHARE: repr(global_share).encode()}
        table = pa.table(columns, schema=_SCHEMA.with_metadata(kept))
        pq.write_table(table, content, compression="zstd")
        self._objects.write(self._key, content.getvalue())

    def read(self) -> Assigned:
        """Return who the run took. Raises InvalidInput where the run was never planned."""
        return self._read(is_global=False)

    def read_held_globally(self) -> Assigned:
        """Return who it would have taken, but for the global holdout. Raises as ``read``."""
        return self._read(is_global=True)

    def read_global_share(self) -> float | None:
        """Return the global holdout's share at the plan. None in runs of an earlier version."""
        schema = pq.read_schema(io.BytesIO(self._objects.read(self._key)))
        kept = (schema.metadata or {}).get(_SHARE)
        return None if kept is None else float(kept)

    def _read(self, *, is_global: bool) -> Assigned:
        table = pq.read_table(io.BytesIO(self._objects.read(self._key)))
        for name, value in _ADDED.items():
            if name not in table.schema.names:
                column = pa.array([value] * len(table), _SCHEMA.field(name).type)
                table = table.append_column(name, column)
        if table.schema.names != _SCHEMA.names:
            raise InvalidInput(
                f"{self._key} has the columns {', '.join(table.schema.names)}, expected "
                f"{', '.join(_SCHEMA.names)}: another version wrote it. Deploy that version"
            )
        people = Assigned(
            **{name: _array(table, name) for name in _SCHEMA.names if name != _GLOBALLY}
        )
        return people.where(_array(table, _GLOBALLY) == is_global)


def _fixed(keys: Keys, *, width: int) -> pa.Array:
    content = np.ascontiguousarray(keys, f"S{width}")
    return pa.Array.from_buffers(
        pa.binary(width), len(keys), [None, pa.py_buffer(content.tobytes())]
    )


def _array(table: pa.Table, name: str) -> Any:  # noqa: ANN401 (a column of Assigned)
    if name not in _WIDTHS:
        return np.asarray(table.column(name).to_numpy())
    parts = [_bytes_of(chunk, f"S{_WIDTHS[name]}") for chunk in table.column(name).chunks]
    return np.concatenate([np.zeros(0, f"S{_WIDTHS[name]}"), *parts])


def _bytes_of(chunk: pa.Array, kind: str) -> Keys:
    start = chunk.offset
    return np.frombuffer(chunk.buffers()[1], kind)[start : start + len(chunk)]


class PlannedFiles(CampaignFiles):
    """The files of a run that is being planned."""

    def __init__(self, objects: Objects, *, tenant: str, run_id: str) -> None:
        super().__init__(objects, tenant=tenant, run_id=run_id)
        self._taken = TakenPeople(objects, tenant=tenant, run_id=run_id)

    def write_taken(
        self, people: Assigned, *, held_globally: Assigned, global_share: float
    ) -> None:
        """Write who the run takes. It comes before the manifest."""
        self._taken.write(people, held_globally=held_globally, global_share=global_share)
