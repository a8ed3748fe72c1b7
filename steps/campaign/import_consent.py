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
from tessera.campaigns.consent.row import GRANTED, ConsentRow
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
    is_erased: Callable[[str], bool],
    now: dt.datetime,
) -> ConsentReport:
    """Import a file, and return what it came to. Importing it again adds nothing.

    A consent of an erased address is ignored: the shop's list may be older than the erasure. An
    opt-out always counts.

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
    is_erased
        Whether an address in its normal form is that of an erased person.
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
    people = _Addresses(key_of=key_of, is_erased=is_erased)
    tally = _Tally(people.erased)
    rows = tally.counting(imported_consents(cells, header=header, key_of=people.key_of, now=now))
    while part := list(itertools.islice(rows, _AT_ONCE)):
        consent.add(tenant, part)
    return ConsentReport(
        import_id=import_id,
        imported_at=now,
        added=tally.states.total(),
        refused=tally.refused,
        erased=tally.ignored,
        refusals=tuple(tally.refusals),
        states=dict(tally.states),
    )


class _Addresses:
    """Makes the keys of addresses, and keeps those of erased people: rows have keys alone."""

    def __init__(self, *, key_of: Callable[[str], str], is_erased: Callable[[str], bool]) -> None:
        self._key_of, self._is_erased = key_of, is_erased
        self.erased: set[str] = set()

    def key_of(self, address: str) -> str:
        key = self._key_of(address)
        if self._is_erased(address):
            self.erased.add(key)
        return key


@dataclasses.dataclass
class _Tally:
    """Counts lines, keeps the first that are refused, and drops consents of erased addresses."""

    erased: set[str]
    ignored: int = 0
    states: Counter[str] = dataclasses.field(default_factory=Counter)
    refused: int = 0
    refusals: list[RefusedConsent] = dataclasses.field(default_factory=list)

    def counting(self, lines: Iterable[ConsentRow | RefusedLine]) -> Iterator[ConsentRow]:
        """Return the lines that count."""
        for one in lines:
            if isinstance(one, ConsentRow):
                if one.state == GRANTED and one.recipient in self.erased:
                    self.ignored += 1
                    continue
                self.states[one.state] += 1
                yield one
                continue
            self.refused += 1
            if len(self.refusals) < _SHOWN:
                self.refusals.append(
                    RefusedConsent(line=one.line, column=one.column, expected=one.expected)
                )
