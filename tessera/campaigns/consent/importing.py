"""Read a file of consents: each row becomes a row of consent, or is refused with its reason."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tessera.campaigns.consent.bases import implied_until
from tessera.campaigns.consent.row import (
    IMPLIED,
    ConsentBasis,
    ConsentEvent,
    ConsentPurpose,
    ConsentRow,
)
from tessera.campaigns.files import RefusedLine, check_header
from tessera.countries import region_of
from tessera.errors import InvalidInput
from tessera.events.contact_points.email import normal_email

NEEDED = ("address", "state", "at")
OPTIONAL = ("basis", "purpose", "text_version", "proof", "country", "expires_at")
_CHOICES = {
    "state": typing.get_args(ConsentEvent),
    "basis": ("", *typing.get_args(ConsentBasis)),
    "purpose": ("", *typing.get_args(ConsentPurpose)),
}


class _Bad(Exception):  # noqa: N818 (a signal inside this module)
    def __init__(self, column: str, cell: str, expected: str) -> None:
        super().__init__(column)
        self.line = {"column": column, "cell": cell, "expected": expected}


def imported_consents(
    cells: Iterable[Mapping[str, str]],
    *,
    header: Sequence[str],
    key_of: Callable[[str], str],
    now: dt.datetime,
) -> Iterator[ConsentRow | RefusedLine]:
    """Return each row of a file, read or refused, in order.

    Nothing is guessed: a word that is none of the states is refused, and never a grant.

    Parameters
    ----------
    cells
        The file's rows as texts by column.
    header
        The file's columns: ``address``, ``state`` and ``at``, and any of ``OPTIONAL``.
    key_of
        The function from an address to its key.
    now
        When it is imported. No row can be from later.

    Raises
    ------
    InvalidInput
        The header lacks a column or has an unknown one. Nothing is read then.
    """
    check_header(header, needed=NEEDED, optional=OPTIONAL, what="consents")
    for number, row in enumerate(cells, start=2):
        try:
            yield _row({name: (row.get(name) or "").strip() for name in header}, key_of, now)
        except _Bad as bad:
            yield RefusedLine(line=number, **bad.line)
        except InvalidInput as error:
            yield RefusedLine(line=number, column="", cell="", expected=str(error))


def _row(cells: Mapping[str, str], key_of: Callable[[str], str], now: dt.datetime) -> ConsentRow:
    address = normal_email(cells["address"])
    if not address:
        raise _Bad("address", cells["address"], "an e-mail address")
    values = {name: _choice(name, cells.get(name, "")) for name in _CHOICES}
    at = _instant("at", cells["at"])
    if at > now:
        raise _Bad("at", cells["at"], f"no later than {now.isoformat(timespec='seconds')}")
    ends = cells.get("expires_at", "")
    expires_at = _instant("expires_at", ends) if ends else None
    if expires_at is None and values["basis"] in IMPLIED:
        expires_at = implied_until(values["basis"], at=at)
    return ConsentRow(
        recipient=key_of(address),
        state=typing.cast(ConsentEvent, values["state"]),
        basis=typing.cast(ConsentBasis, values["basis"]) if values["basis"] else None,
        purpose=typing.cast(ConsentPurpose, values["purpose"] or "marketing"),
        source="import",
        at=at,
        text_version=cells.get("text_version", ""),
        proof=cells.get("proof", ""),
        country=_country(cells.get("country", "")),
        expires_at=expires_at,
    )


def _choice(column: str, cell: str) -> str:
    word = cell.lower()
    if word not in _CHOICES[column]:
        raise _Bad(column, cell, f"one of {', '.join(filter(None, _CHOICES[column]))}")
    return word


def _instant(column: str, cell: str) -> dt.datetime:
    """Return an instant. A day counts from its beginning in UTC."""
    try:
        instant = dt.datetime.fromisoformat(cell)
    except ValueError:
        raise _Bad(
            column, cell, "a day or an instant, such as '2026-11-30T08:00:00+00:00'"
        ) from None
    if instant.tzinfo is None and len(cell) > len("2026-11-30"):
        raise _Bad(column, cell, "an instant with its offset from UTC, such as '…T08:00:00+00:00'")
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


def _country(cell: str) -> str:
    region = region_of(cell) if cell else ""
    if cell and not region:
        raise _Bad("country", cell, "a country's code or name, or an empty cell")
    return region


def uploaded_consent(
    recipient: str, *, answer: str, at: dt.datetime, country: str = ""
) -> ConsentRow:
    """Return what the shop's own data says of consent to e-mail, as a row.

    Parameters
    ----------
    answer
        ``GRANTED`` or ``DENIED``, as the identities have it (``email_consent``).
    at
        When it was last answered.
    """
    granted = answer == "GRANTED"
    return ConsentRow(
        recipient=recipient,
        state="granted" if granted else "withdrawn",
        basis="express" if granted else None,
        source="upload",
        at=at,
        country=country,
    )
