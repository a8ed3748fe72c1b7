"""What an import of consents came to: a file of the data bucket, without addresses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefusedConsent:
    """A line of an uploaded file that is not used.

    Parameters
    ----------
    line
        Its number, the header being 1.
    column
        The cell that is wrong. Empty where several do not fit each other.
    expected
        What the cell should hold. The cell itself may name a person, so it is not here.
    """

    line: int
    column: str
    expected: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentReport:
    """What an import of consents came to.

    Parameters
    ----------
    import_id
        The import.
    imported_at
        When.
    added
        Rows that were read. One that was there already is not added twice.
    refused
        Lines that are not used.
    refusals
        The first hundred of them.
    states
        The rows that were read, by state.
    erased
        Consents that are ignored, because their addresses are those of erased people.
    """

    import_id: str
    imported_at: dt.datetime
    added: int
    refused: int
    refusals: tuple[RefusedConsent, ...]
    states: Mapping[str, int]
    erased: int = 0
