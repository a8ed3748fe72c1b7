"""What ``explain`` reads of a run: in its output folder, or fetched from a running ``serve``."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from local.app import outputs
from local.app.elsewhere.remote import connected
from local.app.state.files import StateFiles
from local.app.state.folder import StateFolder
from local.app.system import System
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.runs.manifest import Manifest
from tessera.records.scoring.score import ScoreRecord
from tessera.settings import RunSettings

_CUSTOMERS = "customers.parquet"
_Record = TypeVar("_Record")


@dataclasses.dataclass(frozen=True)
class RunFiles:
    """A run's folder, as ``tessera run --out DIR`` leaves it.

    Raises
    ------
    InvalidInput
        It holds no results, or not those that an explanation needs.
    """

    folder: Path

    def __post_init__(self) -> None:
        """Refuse a folder that is of no use here."""
        if not (self.folder / naming.MANIFEST).exists():
            raise InvalidInput(
                f"{self.folder} holds no results: run `tessera run FILE --out "
                f"{self.folder}` first, or name another folder with --out"
            )
        if not (self.folder / _CUSTOMERS).exists():
            raise InvalidInput(
                f"{self.folder} has no {_CUSTOMERS}: the run's destinations lack 'export'"
            )
        if not self._explain.is_dir():
            raise InvalidInput(
                f"{self.folder} was written by an earlier version: run it again to explain it"
            )

    @property
    def _explain(self) -> Path:
        return self.folder / outputs.EXPLAIN

    def manifest(self) -> Manifest:
        """Return manifest.json."""
        return _read(Manifest, self.folder / naming.MANIFEST)

    def score(self) -> ScoreRecord:
        """Return what Score recorded."""
        return _read(ScoreRecord, self._explain / outputs.SCORE)

    def ids(self) -> pa.ChunkedArray:
        """Return every customer_id."""
        return pq.read_table(self.folder / _CUSTOMERS, columns=["customer_id"]).column(0)

    def customer(self, who: str) -> dict[str, Any] | None:
        """Return the row of a customer_id, or of a customer_key."""
        return _row(self.folder / _CUSTOMERS, "customer_id", who) or self.profile(who)

    def settings(self) -> RunSettings:
        """Return the run's settings."""
        return self.manifest().reproducible.given.settings

    def profile(self, key: str) -> dict[str, Any] | None:
        """Return the row of a customer_key."""
        return _row(self.folder / _CUSTOMERS, "customer_key", key)

    def summary(self, key: str) -> dict[str, Any] | None:
        """Return the customer's summary, which models read."""
        return _row(self._explain / outputs.SUMMARIES, "customer_key", key)

    def subscription(self, key: str) -> dict[str, Any] | None:
        """Return when the customer's subscription began and ended."""
        return _row(self._explain / outputs.SUBSCRIPTIONS, "customer_key", key)

    def previous(self, key: str) -> dict[str, Any] | None:
        """Return the customer's profile in the previous run."""
        return _row(self._explain / outputs.PREVIOUS, "customer_key", key)

    def move(self, key: str) -> dict[str, Any] | None:
        """Return the customer's row of the transitions."""
        return _row(self._explain / outputs.TRANSITIONS, "customer_key", key)


def _read(cls: type[_Record], path: Path) -> _Record:
    """Return a document, which another version may have written."""
    value = json.loads(path.read_text(encoding="utf-8"))
    return decode(cls, value, document=str(path), tolerant=True)


def _row(folder: Path, column: str, value: str) -> dict[str, Any] | None:
    """Return the one row of a file, or of a folder's, that has a value."""
    files = [folder] if folder.is_file() else sorted(folder.glob("*.parquet"))
    for file in files:
        with pq.ParquetFile(file) as reader:
            for place in range(reader.num_row_groups):
                keys = reader.read_row_group(place, columns=[column]).column(0)
                position = pc.index(keys, value).as_py()
                if position >= 0:
                    return dict(reader.read_row_group(place).slice(position, 1).to_pylist()[0])
    return None


@contextlib.contextmanager
def files_of(out: Path, *, run: str, state: Path, endpoint: str) -> Iterator[RunFiles]:
    """Give the files of a run.

    Parameters
    ----------
    out
        An output folder.
    run
        A run's id, or its beginning. One that the folder doesn't hold is looked for in the state,
        and then at ``serve``. Empty is the run that the folder holds.
    state
        The folder of the state.
    endpoint
        Where ``serve`` answers.

    Raises
    ------
    InvalidInput
        There is no such run.
    """
    if not run or _run_in(out).startswith(run):
        yield RunFiles(out)
        return
    with (
        _objects_of(run, state=state, endpoint=endpoint) as (objects, tenant, run_id),
        tempfile.TemporaryDirectory(prefix="tessera-explain-") as scratch,
    ):
        folder = Path(scratch) / "run"
        outputs.write_results(objects, folder, tenant=tenant, run_id=run_id)
        yield RunFiles(folder)


@contextlib.contextmanager
def _objects_of(
    run: str, *, state: Path, endpoint: str
) -> Iterator[tuple[outputs.RunObjects, str, str]]:
    """Give where a run's objects are, in the state or at ``serve``, its tenant and its id."""
    if StateFolder(state).index.exists():
        remembered = StateFiles(state)
        match = remembered.find(run)
        yield remembered, match.tenant, match.run_id
        return
    with connected(endpoint) as system:
        yield system, *_finished(system, run)


def _finished(system: System, run: str) -> tuple[str, str]:
    """Return the tenant and the id of the finished run whose id begins so."""
    keys = system.keys(system.data_bucket, "tenants/")
    runs = {(key.split("/")[1], key.split("/")[3]) for key in keys if key.endswith(naming.MANIFEST)}
    matches = [one for one in runs if one[1].startswith(run)]
    if len(matches) != 1:
        known = ", ".join(f"{run_id} (tenant {tenant})" for tenant, run_id in sorted(runs))
        raise InvalidInput(
            f"{'several finished runs have' if matches else 'no finished run has'} an id that "
            f"begins with {run!r}: " + (f"there are {known}" if known else "none has finished yet")
        )
    return matches[0]


def _run_in(out: Path) -> str:
    path = out / naming.MANIFEST
    return _read(Manifest, path).run.run_id if path.exists() else ""
