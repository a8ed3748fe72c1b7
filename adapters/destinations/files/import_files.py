"""The import files of a run: written beside the job, then put into the identities bucket."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from adapters.aws.objects import Objects
from adapters.destinations.files.contents import Contents
from adapters.destinations.files.customer_batches import CustomerBatch
from adapters.stores.digests import sha256_of
from tessera.destinations.content import Content
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Item, Loaded, Traced
from tessera.naming import import_part
from tessera.records.loads.load import ImportFile, PlanCounts
from tessera.records.loads.segment import Segment

ROWS_PER_PART = 10_000


class ImportFolder:
    """A local folder whose files end up below a prefix of the bucket."""

    def __init__(self, path: Path, *, objects: Objects, prefix: str) -> None:
        path.mkdir(parents=True)
        self._path = path
        self._objects = objects
        self._prefix = prefix

    def file(self, name: str) -> Path:
        """Return where to write a file."""
        return self._path / name

    def publish(self, name: str, *, rows: int) -> ImportFile:
        """Move a file that is complete to the bucket."""
        path = self._path / name
        part = ImportFile(self._prefix + name, rows, path.stat().st_size, sha256_of(path))
        self._objects.upload(path, part.key)
        path.unlink()
        return part


class DestinationFiles(Protocol):
    """Takes every customer once, sorted by customer_key, and leaves one destination's files."""

    def add(self, batch: CustomerBatch) -> None:
        """Take the next customers."""
        ...

    def finish(self, segments: Sequence[Segment]) -> list[ImportFile]:
        """Put the last files into the bucket. Return all of them."""
        ...

    @property
    def counts(self) -> PlanCounts:
        """Return the plan's counts."""
        ...


class EveryContent(Protocol):
    """Takes what every customer is to have, whether it is sent or not. See ``SentContents``."""

    def add(self, keys: Sequence[str], lines: Sequence[str]) -> None:
        """Take the next customers."""
        ...

    def finish(self) -> None:
        """Put the last files into the bucket."""
        ...


class ItemFiles:
    """The customers that a destination has to be sent, as JSON lines in parts of fixed size.

    Parameters
    ----------
    folder, vendor, plan
        Where the files go, the destination, and who is to be sent.
    rows_per_part
        The size of a part.
    every
        Takes the content of every customer too, for a vendor that renders by ``Content``.
    """

    def __init__(
        self,
        folder: ImportFolder,
        *,
        vendor: Loaded,
        plan: Plan,
        rows_per_part: int = ROWS_PER_PART,
        every: EveryContent | None = None,
    ) -> None:
        self._every = every
        self._folder = folder
        self._vendor = vendor
        self._plan = plan
        self._rows_per_part = rows_per_part
        self._lines: list[str] = []
        self.parts: list[ImportFile] = []

    def add(self, batch: CustomerBatch) -> None:
        """Write the customers whose content the destination lacks or has in another form."""
        rendering = self._vendor.render
        if isinstance(rendering, Content) and not isinstance(self._vendor, Traced):
            self._write(self._by_columns(batch, rendering))
        else:
            self._write(
                item.to_line()
                for customer in batch.customers
                for item in self._plan.offer(customer)
            )

    def _by_columns(self, batch: CustomerBatch, rendering: Content) -> list[str]:
        contents = Contents(batch, rendering=rendering, capabilities=self._vendor.CAPABILITIES)
        if self._every is not None:
            self._every.add(contents.keys, contents.lines(range(len(contents.keys))))
        changes = self._plan.compare(contents.keys, contents.digests)
        chosen = [one for one in changes if isinstance(one, int)]
        lines = contents.lines(chosen)
        if len(chosen) == len(changes):  # no customer leaves
            return lines
        rest = iter(lines)
        return [one.to_line() if isinstance(one, Item) else next(rest) for one in changes]

    def finish(self, _segments: Sequence[Segment]) -> list[ImportFile]:
        """Complete the last part and the plan. Return the parts."""
        self._write(item.to_line() for item in self._plan.finish())
        if self._lines:
            self._finish_part()
        if self._every is not None:
            self._every.finish()
        return self.parts

    @property
    def counts(self) -> PlanCounts:
        """The plan's counts."""
        return self._plan.counts()

    def _write(self, lines: Iterable[str]) -> None:
        left = iter(lines)
        while more := list(itertools.islice(left, self._rows_per_part - len(self._lines))):
            self._lines += more
            if len(self._lines) == self._rows_per_part:
                self._finish_part()

    def _finish_part(self) -> None:
        name = import_part(len(self.parts))
        text = "".join(self._lines)
        self._folder.file(name).write_text(text, encoding="utf-8", newline="\n")
        self.parts.append(self._folder.publish(name, rows=len(self._lines)))
        self._lines = []
