"""The neutral export's files, written in one pass over the customers."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.destination_files import Folder, Part
from adapters.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.destinations.port import Customer, Segment
from tessera.destinations.vendors import export
from tessera.segments.set_catalog import SegmentSets

_ROWS_PER_GROUP = 50_000


class ExportFiles:
    """Writes customers.parquet, customers.csv, contacts.csv and, at the end, segments.json.

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
        folder: Folder,
        *,
        as_of: str,
        run_id: str,
        names: Mapping[str, str],
        sets: SegmentSets,
    ) -> None:
        self._folder = folder
        self._as_of = as_of
        self._run_id = run_id
        self._names = names
        self._sets = sets
        self._beside = export.set_columns(sets)
        self._rows: list[dict[str, Any]] = []
        self._customers = self._contacts = 0
        self._open = contextlib.ExitStack()
        self._customer_lines = self._csv(export.CUSTOMERS_CSV, export.CUSTOMER_HEADER)
        self._contact_lines = self._csv(export.CONTACTS_CSV, export.contact_header(self._beside))
        self._schema = arrow_schema(CUSTOMER_OUTPUT)
        self._parquet = self._open.enter_context(
            pq.ParquetWriter(
                folder.file(export.CUSTOMERS_PARQUET),
                self._schema,
                compression="zstd",
                store_schema=False,
            )
        )

    def add(self, customer: Customer) -> None:
        """Write one customer and the addresses that are its own."""
        row = export.row(customer)
        self._rows.append(row)
        self._customers += 1
        self._customer_lines.writerow(export.customer_cells(row))
        for cells in export.contact_cells(customer, names=self._names, sets=self._beside):
            self._contact_lines.writerow(cells)
            self._contacts += 1
        if len(self._rows) == _ROWS_PER_GROUP:
            self._write_group()

    def close(self) -> None:
        """Close the files, complete or not."""
        self._open.close()

    def finish(self, segments: Sequence[Segment]) -> list[Part]:
        """Complete the files and put them into the bucket."""
        self._write_group()
        self.close()
        record = export.segments_record(
            segments, sets=self._sets, as_of=self._as_of, run_id=self._run_id
        )
        text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        self._folder.file(export.SEGMENTS_JSON).write_text(text, encoding="utf-8", newline="\n")
        rows = {
            export.CUSTOMERS_PARQUET: self._customers,
            export.CUSTOMERS_CSV: self._customers,
            export.CONTACTS_CSV: self._contacts,
            export.SEGMENTS_JSON: len(segments),
        }
        return [self._folder.publish(name, rows=count) for name, count in rows.items()]

    @property
    def counts(self) -> dict[str, int]:
        """Every customer is written anew."""
        return {"desired": self._customers, "changes": self._customers, "unchanged": 0, "left": 0}

    def _csv(self, name: str, header: Sequence[str]) -> Any:
        file = self._folder.file(name).open("w", encoding="utf-8", newline="")
        lines = csv.writer(self._open.enter_context(file), lineterminator="\n")
        lines.writerow(header)
        return lines

    def _write_group(self) -> None:
        if self._rows:
            self._parquet.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []
