"""One list per segment, as mailing tools import it, written in one pass over the customers."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from adapters.destinations.files.customer_batches import CustomerBatch
from adapters.destinations.files.import_files import ImportFolder
from adapters.tables.csv_lines import header, lines
from tessera.destinations.vendors.export.files import LIST_HEADER, SEGMENT_LISTS
from tessera.records.loads.load import ImportFile


class SegmentLists:
    """Writes a CSV file per segment of the definition, also for a segment without customers.

    Parameters
    ----------
    folder
        Where the files go.
    names
        Segment name by label. A file is named after its segment.
    """

    def __init__(self, folder: ImportFolder, *, names: Mapping[str, str]) -> None:
        self._folder = folder
        self._names = names
        self._rows: Counter[str] = Counter()
        self._open = contextlib.ExitStack()
        folder.file(SEGMENT_LISTS).mkdir()
        self._files = {label: self._file(name) for label, name in names.items()}

    def add(self, batch: CustomerBatch) -> None:
        """Write customers into their segments' files.

        Raises
        ------
        AssertionError
            A customer's segment has no file, so that the customer would be in none.
        """
        profiles = batch.profiles
        addresses = {"email": batch.emails, "phone": batch.phones}
        cells = [
            addresses[name] if name in addresses else profiles.column(name) for name in LIST_HEADER
        ]
        table = pa.record_batch(cells, names=list(LIST_HEADER))
        segments = profiles.column("segment")
        for label in pc.unique(segments).to_pylist():
            if label not in self._files:
                raise AssertionError(f"segment {label!r} is not in the definition")
            members = table.filter(pc.equal(segments, label))
            self._files[label].write(lines(members.columns))
            self._rows[label] += members.num_rows

    def finish(self) -> list[ImportFile]:
        """Complete the files and put them into the bucket."""
        self.close()
        return [
            self._folder.publish(f"{SEGMENT_LISTS}{name}.csv", rows=self._rows[label])
            for label, name in self._names.items()
        ]

    def close(self) -> None:
        """Close the files, complete or not."""
        self._open.close()

    def _file(self, name: str) -> BinaryIO:
        path = self._folder.file(f"{SEGMENT_LISTS}{name}.csv")
        file = self._open.enter_context(path.open("wb"))
        file.write(header(LIST_HEADER))
        return file
