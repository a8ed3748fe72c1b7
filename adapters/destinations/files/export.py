"""The neutral export's files, written in one pass over the customers."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.destinations.files.customer_batches import CustomerBatch
from adapters.destinations.files.import_files import ImportFolder
from adapters.destinations.files.segment_lists import SegmentLists
from adapters.tables.csv_lines import header, lines
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.destinations.vendors.export import files as export
from tessera.records.codec import encode
from tessera.records.loads.load import ImportFile, PlanCounts
from tessera.records.loads.segment import Segment
from tessera.segments.sets.catalog import SegmentSets

_ROWS_PER_GROUP = 50_000


class ExportFiles:
    """Writes customers.parquet, customers.csv, contacts.csv, lists and, at the end, segments.json.

    Parameters
    ----------
    folder
        Where the files go.
    as_of, run_id
        The day and the run, for segments.json.
    names
        Segment name by label of the RFM set.
    sets
        What customers were labelled by.
    """

    def __init__(
        self,
        folder: ImportFolder,
        *,
        as_of: dt.date,
        run_id: str,
        names: Mapping[str, str],
        sets: SegmentSets,
    ) -> None:
        self._folder = folder
        self._as_of = as_of
        self._run_id = run_id
        self._sets = sets
        beside = export.set_columns(sets)
        self._looked_up = export.looked_up(names, sets=beside)
        self._contact_header = export.contact_header(beside)
        self._lists = SegmentLists(folder, names=names)
        self._customers = self._contacts = 0
        self._waiting: list[pa.Table] = []
        self._open = contextlib.ExitStack()
        self._customer_lines = self._csv(export.CUSTOMERS_CSV, export.CUSTOMER_HEADER)
        self._contact_lines = self._csv(export.CONTACTS_CSV, self._contact_header)
        self._parquet = self._open.enter_context(
            pq.ParquetWriter(
                folder.file(export.CUSTOMERS_PARQUET),
                arrow_schema(CUSTOMER_OUTPUT),
                compression="zstd",
                store_schema=False,
            )
        )

    def add(self, batch: CustomerBatch) -> None:
        """Write customers and the addresses that are their own."""
        profiles, contacts = batch.profiles, batch.contacts
        self._customer_lines.write(lines(profiles.columns))
        cells = [self._contact(contacts, name) for name in self._contact_header]
        self._contact_lines.write(lines(cells))
        self._lists.add(batch)
        self._waiting.append(pa.Table.from_batches([profiles]))
        self._customers += profiles.num_rows
        self._contacts += contacts.num_rows
        self._write_groups()

    def close(self) -> None:
        """Close the files, complete or not."""
        self._lists.close()
        self._open.close()

    def finish(self, segments: Sequence[Segment]) -> list[ImportFile]:
        """Complete the files and put them into the bucket."""
        self._write_groups(at_least=1)
        self.close()
        record = export.segments_record(
            segments, sets=self._sets, as_of=self._as_of, run_id=self._run_id
        )
        text = json.dumps(encode(record), indent=1, ensure_ascii=False) + "\n"
        self._folder.file(export.SEGMENTS_JSON).write_text(text, encoding="utf-8", newline="\n")
        rows = {
            export.CUSTOMERS_PARQUET: self._customers,
            export.CUSTOMERS_CSV: self._customers,
            export.CONTACTS_CSV: self._contacts,
            export.SEGMENTS_JSON: len(segments),
        }
        whole = [self._folder.publish(name, rows=count) for name, count in rows.items()]
        return [*whole, *self._lists.finish()]

    @property
    def counts(self) -> PlanCounts:
        """Every customer is written again in each run."""
        written = self._customers
        return PlanCounts(desired=written, changes=written, adds=written)

    def _csv(self, name: str, columns: Sequence[str]) -> BinaryIO:
        file = self._open.enter_context(self._folder.file(name).open("wb"))
        file.write(header(columns))
        return file

    def _contact(self, contacts: pa.RecordBatch, name: str) -> pa.Array:
        """Return a column of contacts.csv."""
        if name not in self._looked_up:
            return contacts.column(name)
        source, look_up = self._looked_up[name]
        coded = contacts.column(source).dictionary_encode()
        labels = [look_up(label) for label in coded.dictionary.to_pylist()]
        return pa.array(labels, pa.string()).take(coded.indices)

    def _write_groups(self, *, at_least: int = _ROWS_PER_GROUP) -> None:
        """Write the row groups that are full. What is left waits for more customers."""
        rows = sum(part.num_rows for part in self._waiting)
        while rows >= at_least:
            whole = pa.concat_tables(self._waiting)
            self._parquet.write_table(whole.slice(0, _ROWS_PER_GROUP).combine_chunks())
            self._waiting = [whole.slice(_ROWS_PER_GROUP)]
            rows = self._waiting[0].num_rows
