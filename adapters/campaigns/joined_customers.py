"""The customers of a plan, joined once and kept in a local file, so that they can be read twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from adapters.campaigns.candidates import answers_of, candidates_of
from tessera.campaigns.consent.uploaded import UploadedAnswers
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.reading.columns import DENIED_AT, GRANTED_AT, CandidateColumns

_ANSWERS = ["address", GRANTED_AT, DENIED_AT]


class JoinedCustomers:
    """Customers with their addresses, in the order of their keys.

    Parameters
    ----------
    path
        Where the file is to be.
    columns
        What the query reads.
    definition
        As the run uses it.
    """

    def __init__(
        self, path: Path, *, columns: CandidateColumns, definition: CampaignDefinition
    ) -> None:
        self._path, self._columns, self._definition = path, columns, definition

    def write(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Write the rows of the query. Return how many there are."""
        rows, writer = 0, None
        try:
            for batch in batches:
                writer = writer or pa.ipc.new_file(self._path, batch.schema)
                writer.write_batch(batch)
                rows += len(batch)
        finally:
            if writer is not None:
                writer.close()
        return rows

    def candidates(self) -> Iterator[CampaignCandidates]:
        """Return the customers as a plan reads them: the same, in the same order, each time."""
        for batch in self._batches():
            yield candidates_of(batch, columns=self._columns, definition=self._definition)

    def answers(self) -> Iterator[UploadedAnswers]:
        """Return what the shop's own data says of consent to e-mail."""
        for batch in self._batches():
            yield answers_of(batch.select(_ANSWERS))

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if not self._path.exists():
            return
        with pa.OSFile(str(self._path)) as source, pa.ipc.open_file(source) as reader:
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place)
