"""Import an uploaded file of consents: each line becomes a row, or is refused with its reason."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from adapters.aws.objects import Objects
from steps.campaign.uploaded_cells import read_cells
from tessera.campaigns.consent.importing import imported_consents
from tessera.campaigns.consent.report import ConsentReport, RefusedConsent
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.files import RefusedLine
from tessera.errors import InvalidInput
from tessera.naming import consent_import_key

_FILE = "the file of consents"
_AT_ONCE = 10_000
_SHOWN = 100


class AddedConsent(Protocol):
    """Keeps rows of consent."""

    def add(self, tenant: str, rows: Iterable[ConsentRow]) -> None:
        """Add rows. A row that is in already stays as it is."""


def import_consent(
    tenant: str,
    import_id: str,
    *,
    identities: Objects,
    consent: AddedConsent,
    key_of: Callable[[str], str],
    now: dt.datetime,
) -> ConsentReport:
    """Import a file, and return what it came to. Importing it again adds nothing.

    Parameters
    ----------
    tenant, import_id
        Which file.
    identities
        The identities bucket.
    consent
        Gets the rows.
    key_of
        The function from an address in its normal form to its key.
    now
        The moment. No consent can be from later.

    Raises
    ------
    InvalidInput
        There is no such file, or it is no CSV with the columns of consents. Then nothing is added.
    """
    key = consent_import_key(tenant, import_id)
    if not identities.exists(key):
        raise InvalidInput(f"there is no import of consents {import_id!r}: upload its file first")
    _, cells = read_cells(identities, key, what=_FILE)
    collections.deque(cells, maxlen=0)  # a file that is no CSV to its end adds nothing
    header, cells = read_cells(identities, key, what=_FILE)
    tally = _Tally()
    rows = tally.counting(imported_consents(cells, header=header, key_of=key_of, now=now))
    while part := list(itertools.islice(rows, _AT_ONCE)):
        consent.add(tenant, part)
    return ConsentReport(
        import_id=import_id,
        imported_at=now,
        added=tally.states.total(),
        refused=tally.refused,
        refusals=tuple(tally.refusals),
        states=dict(tally.states),
    )


@dataclasses.dataclass
class _Tally:
    """Counts lines, and keeps the first that are refused."""

    states: Counter[str] = dataclasses.field(default_factory=Counter)
    refused: int = 0
    refusals: list[RefusedConsent] = dataclasses.field(default_factory=list)

    def counting(self, lines: Iterable[ConsentRow | RefusedLine]) -> Iterator[ConsentRow]:
        """Return the lines that are not refused."""
        for one in lines:
            if isinstance(one, ConsentRow):
                self.states[one.state] += 1
                yield one
                continue
            self.refused += 1
            if len(self.refusals) < _SHOWN:
                self.refusals.append(
                    RefusedConsent(line=one.line, column=one.column, expected=one.expected)
                )
