"""One run of Score: what earlier steps decided, the container's folders, and the time taken."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import time
from pathlib import Path
from typing import Self, TypeVar

from adapters.aws.container import Container, read_json
from adapters.stores.digests import file_record
from adapters.tables.parquet import parquet_files
from tessera import naming
from tessera.records.codec import decode
from tessera.records.file import File
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.previous import NotCompared, PreviousRun, read_previous
from tessera.records.runs.ticket import Ticket
from tessera.segments.definition import Definition, definition_for
from tessera.settings import RunSettings

PART = "part-0.parquet"
_Record = TypeVar("_Record")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreRun:
    """A run of Score.

    Parameters
    ----------
    container
        Has the inputs, and takes the outputs.
    ticket, prepared
        What the run is, and what Prepare counted.
    previous
        The run to compare with. None without one.
    not_compared
        The previous run where it cannot be compared with.
    block_rows
        How many customers are read at a time. They leave no trace in the outputs.
    """

    container: Container
    ticket: Ticket
    prepared: PrepareRecord
    previous: PreviousRun | None
    not_compared: NotCompared | None = None
    block_rows: int = 1 << 16

    @classmethod
    def open(cls, container: Container) -> Self:
        """Read the documents of the earlier steps."""
        name = Path(naming.PREVIOUS_RECORD).name
        previous = read_previous(read_json(container.input("previous") / name), document=name)
        return cls(
            container=container,
            ticket=_read(Ticket, container.input("ticket") / naming.TICKET),
            prepared=_read(PrepareRecord, container.input("record") / naming.PREPARE_RECORD),
            previous=previous if isinstance(previous, PreviousRun) else None,
            not_compared=previous if isinstance(previous, NotCompared) else None,
        )

    @property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return self.ticket.settings

    @property
    def as_of(self) -> dt.date:
        """The day that the profiles describe."""
        return self.prepared.as_of

    @functools.cached_property
    def definition(self) -> Definition:
        """The segment definition that the settings name, before any threshold is frozen."""
        return definition_for(self.settings)

    def output(self, name: str) -> Path:
        """Return the file of one of the run's tables."""
        return self.container.output(name) / self._partition / PART

    def written(self, file: Path, prefix: str) -> File:
        """Return what the record says of a file of ``output``. ``prefix`` is its table's."""
        return file_record(file, prefix + self._partition + PART)

    def read_files(self, name: str, prefix: str) -> list[File]:
        """Return what the record says of an input's files. ``prefix`` is their folder's."""
        key = naming.run_key(self.ticket.tenant, self.ticket.run_id, prefix + PART)
        return [file_record(file, key) for file in parquet_files(self.container.input(name))]

    @property
    def _partition(self) -> str:
        return naming.profiles_partition(self.as_of.isoformat(), self.ticket.run_id)


class Stopwatch:
    """Seconds by stage, and in total."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._began = time.perf_counter()

    def lap(self, name: str) -> None:
        """End a stage."""
        total = time.perf_counter() - self._began
        self.laps[name] = round(total - self.laps.get("total_s", 0.0), 3)
        self.laps["total_s"] = round(total, 3)


def _read(cls: type[_Record], path: Path) -> _Record:
    return decode(cls, read_json(path), document=path.name)
