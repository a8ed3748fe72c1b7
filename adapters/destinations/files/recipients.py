"""Recipient files for sending with Amazon SES: one per segment, with the data for templates.

They are in the run's folder below ``segments/``, named after their segments. Each line has an
address, the customer's id, and ``template_data``, JSON for the ReplacementTemplateData of an entry
of SendBulkEmail.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from adapters.destinations.files.customer_batches import CustomerBatch
from adapters.destinations.files.import_files import ImportFolder, ItemFiles
from tessera.contracts.csv_cells import safe_cell
from tessera.destinations import content
from tessera.destinations.planning.marks import packed
from tessera.destinations.port import compact
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.destinations.vendors.ses import destination as vendor
from tessera.naming import OWNED, RECIPIENTS
from tessera.records.loads.load import ImportFile, PlanCounts
from tessera.records.loads.segment import Segment

HEADER = ("email", "customer_id", "template_data")
_SEGMENTS = "segments/"

Label = tuple[str, str]  # an attribute and its value


class RecipientFiles:
    """Segments' files, and beside them what SES has to be sent.

    Parameters
    ----------
    folder
        Where the files go.
    items
        The customers to send. None where no contacts are imported.
    thresholds
        The segments whose members have a number within bounds.
    """

    def __init__(
        self, folder: ImportFolder, *, items: ItemFiles | None, thresholds: Sequence[Segment] = ()
    ) -> None:
        self._folder = folder
        self._items = items
        self._thresholds = [one for one in thresholds if one.bounds]
        self._customers = 0
        self._marks: list[str] = []
        self._files: dict[Label, str] = {}
        self._rows: Counter[Label] = Counter()
        folder.file(_SEGMENTS).mkdir()

    def add(self, batch: CustomerBatch) -> None:
        """Write down the next customers who have an address, in the files of all their labels."""
        if self._items:
            self._items.add(batch)
        lines_by_label: dict[Label, list[str]] = defaultdict(list)
        for customer in batch.customers:
            self._customers += 1
            attributes = vendor.render(customer)
            if address := attributes.get("email"):
                self._marks.append(vendor_contacts.mark(address))
                text = _line(
                    address,
                    customer.customer_id,
                    compact(vendor_contacts.template_data(attributes)),
                )
                for label in self._labels(attributes):
                    lines_by_label[label].append(text)
        for label, lines in lines_by_label.items():
            self._append(label, lines)

    def finish(self, segments: Sequence[Segment]) -> list[ImportFile]:
        """Put all files into the bucket. Return those of customers to send."""
        parts = self._items.finish(segments) if self._items else []
        for segment in segments:
            self._publish(segment)
        self._folder.file(OWNED).write_bytes(packed(self._marks))
        self._folder.publish(OWNED, rows=len(self._marks))
        sizes = {segment.name: self._rows[_label(segment)] for segment in segments}
        self._folder.file(RECIPIENTS).write_text(json.dumps(sizes, indent=1, sort_keys=True) + "\n")
        self._folder.publish(RECIPIENTS, rows=len(sizes))
        return parts

    @property
    def counts(self) -> PlanCounts:
        """The plan's counts, or only the customers if nothing is sent."""
        if self._items:
            return self._items.counts
        return PlanCounts(desired=self._customers)

    def _labels(self, attributes: Mapping[str, str]) -> Iterator[Label]:
        yield from vendor.labels(attributes)
        yield from (_label(one) for one in self._thresholds if _is_within(one, attributes))

    def _append(self, label: Label, lines: Sequence[str]) -> None:
        begun = label in self._files
        name = self._files.setdefault(label, f"{_SEGMENTS}{len(self._files)}.part")
        with self._folder.file(name).open("a", encoding="utf-8", newline="") as file:
            file.writelines(lines if begun else [_line(*HEADER), *lines])
        self._rows[label] += len(lines)

    def _publish(self, segment: Segment) -> None:
        label, name = _label(segment), f"{_SEGMENTS}{segment.name}.csv"
        if label not in self._files:
            self._append(label, [])
        self._folder.file(self._files[label]).rename(self._folder.file(name))
        self._folder.publish(name, rows=self._rows[label])


def _label(segment: Segment) -> Label:
    return ("", segment.name) if segment.bounds else (content.attribute(segment), segment.value)


def _is_within(segment: Segment, attributes: Mapping[str, str]) -> bool:
    bounds, value = segment.bounds, attributes.get(content.attribute(segment))
    if bounds is None or value is None:
        return False
    at_least, at_most = bounds.at_least or value, bounds.at_most or value
    return Decimal(at_least) <= Decimal(value) <= Decimal(at_most)


def _line(*cells: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
