"""Read an uploaded list of receivers: each row becomes one, or is refused with its reason."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from tessera.campaigns.files import RefusedLine
from tessera.campaigns.planning.candidates import CampaignCandidates, texts_of
from tessera.countries import region_of
from tessera.errors import InvalidInput
from tessera.events.contact_points.email import normal_email
from tessera.time_zones import is_zone

ADDRESS, COUNTRY, ZONE = "address", "country", "time_zone"
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_CELL = 1000
_MOST_COLUMNS = 50


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receiver:
    """A row of an uploaded list.

    Parameters
    ----------
    address
        In its normal form.
    country, time_zone
        As given, empty where unknown.
    fields
        All other columns: what templates may show.
    """

    address: str
    country: str
    time_zone: str
    fields: Mapping[str, str]


def check_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that templates may show.

    Raises
    ------
    InvalidInput
        There is no column of addresses, or a name can be no field of a template.
    """
    if ADDRESS not in header:
        raise InvalidInput(f"the list of receivers has no column {ADDRESS!r}: add it to the header")
    if len(set(header)) < len(header) or len(header) > _MOST_COLUMNS:
        raise InvalidInput(
            f"the list of receivers has {len(header)} columns, {', '.join(header[:9])}: expected "
            f"at most {_MOST_COLUMNS}, and none twice"
        )
    wrong = next((name for name in header if _FIELD.fullmatch(name) is None), None)
    if wrong is not None:
        raise InvalidInput(
            f"the list of receivers has a column {wrong!r}: expected lower-case letters, digits "
            "and underscores, such as 'first_name'"
        )
    return tuple(name for name in header if name not in (ADDRESS, COUNTRY, ZONE))


def receivers(
    cells: Iterable[Mapping[str, str]], *, header: Sequence[str]
) -> Iterator[Receiver | RefusedLine]:
    """Return each row of a list, read or refused, in order.

    Parameters
    ----------
    cells
        The file's rows as texts by column.
    header
        The file's columns: ``address``, ``country`` and ``time_zone`` if there are, and fields.

    Raises
    ------
    InvalidInput
        As ``check_columns``.
    """
    shown = check_columns(header)
    lines: dict[bytes, int] = {}
    for line, row in enumerate(cells, start=2):
        values = {name: (row.get(name) or "").strip() for name in header}
        address = normal_email(values[ADDRESS])
        wrong = _wrong_cell(values, address=address)
        if wrong is not None:
            column, expected = wrong
            yield RefusedLine(line=line, column=column, cell=values[column], expected=expected)
            continue
        first = lines.setdefault(hashlib.blake2b(address.encode(), digest_size=16).digest(), line)
        if first != line:
            expected = f"an address once: it is in line {first} too, which is used"
            yield RefusedLine(line=line, column=ADDRESS, cell=values[ADDRESS], expected=expected)
            continue
        yield Receiver(
            address=address,
            country=values.get(COUNTRY, ""),
            time_zone=values.get(ZONE, ""),
            fields={name: values[name] for name in shown if values[name]},
        )


def receivers_as_candidates(
    rows: Sequence[Receiver], *, fields: Sequence[str]
) -> CampaignCandidates:
    """Return receivers as a plan reads them, with no label and no purchase.

    Parameters
    ----------
    rows
        Receivers of a list.
    fields
        The list's columns for templates.
    """
    nothing = texts_of([None] * len(rows))
    return CampaignCandidates(
        customer_key=nothing,
        address=texts_of(one.address for one in rows),
        segment=nothing,
        churn_band=nothing,
        value_tier=nothing,
        country=texts_of(one.country for one in rows),
        time_zone=texts_of(one.time_zone for one in rows),
        last_purchase_day=np.full(len(rows), np.nan),
        fields={name: texts_of(one.fields.get(name) for one in rows) for name in fields},
    )


def _wrong_cell(values: Mapping[str, str], *, address: str) -> tuple[str, str] | None:
    """Return the first column whose cell cannot be used, and what was expected."""
    country, zone = values.get(COUNTRY, ""), values.get(ZONE, "")
    if not address:
        return ADDRESS, "an e-mail address"
    if country and not region_of(country):
        return COUNTRY, "a country's code or name, or an empty cell"
    if zone and not is_zone(zone):
        return ZONE, "a time zone's name such as 'Europe/Paris', or an empty cell"
    long = next((name for name, cell in values.items() if len(cell) > _LONGEST_CELL), None)
    return (long, f"at most {_LONGEST_CELL} characters") if long else None
