"""The rows of an upload, read and checked: what every engine knows of them."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Iterable

from tessera.events.counts import People, Tally
from tessera.events.rejects import Reject
from tessera.records.runs.prepare import Source
from tessera.sources.amounts import Mark


@dataclasses.dataclass(frozen=True, kw_only=True)
class IngestedRows(abc.ABC):
    """What an upload holds. An engine adds where it keeps the rows.

    Parameters
    ----------
    tally
        Its rows, counted.
    currency
        The tenant's currency, empty when neither settings nor files name one.
    mark
        The decimal mark of its amounts.
    source
        As what it was read.
    people
        Whose its rows are.
    """

    tally: Tally
    currency: str
    mark: Mark
    source: Source
    people: People

    @abc.abstractmethod
    def rejects(self) -> Iterable[Reject]:
        """Yield the rejected rows, by file and line."""
