"""A file of customer attributes: one row a customer, any columns, perhaps who cancelled.

The file is a CSV with a header and a column of customer ids under any of the headers that events
may use. Everything else becomes a number, a flag, a date or a category by what its cells hold.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from tessera.customers.subscriptions.attributes import (
    KEY,
    LABEL,
    OBSERVED,
    Attribute,
    AttributeColumns,
    Floats,
)
from tessera.customers.subscriptions.clicks import CLICKS
from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.events.persons.reading import IdRules
from tessera.settings import FOLD
from tessera.sources.amounts import decide_mark
from tessera.sources.attributes.sheet import Sheet, read_sheet
from tessera.sources.attributes.types import (
    NO,
    YES,
    Texts,
    as_days,
    numbers_of,
    typed,
)
from tessera.sources.dates.instants import zone_of

LABELS = (
    "churn", "churned", "is churned", "has churned", "churn label", "cancelled", "canceled",
    "is cancelled", "is canceled", "has cancelled", "has canceled", "attrition", "attrited",
)  # fmt: skip
DAYS = ("observed at", "observation date", "snapshot date", "snapshot", "as of", "as of date")

_OURS = (KEY, LABEL, OBSERVED, *CLICKS)
_LEFT = YES | {"churned", "churn", "cancelled", "canceled", "left", "lost", "attrited", "exited"}
_STAYED = NO | {"retained", "stayed", "active", "kept", "existing", "subscribed", "renewed"}


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class AttributeFile:
    """What a file says of its customers.

    Parameters
    ----------
    customer_ids
        One a row, as the same cell of events comes to.
    headers
        Of all columns but the customer's id.
    attributes
        The columns that can be learnt from.
    label_header
        The header of the label. Empty without one.
    cancelled : shape (n,)
        1 for cancelled, 0 for not cancelled, NaN for unknown. None without a label.
    observed : shape (n,)
        The day that each row describes, as days since 1970-01-01. NaN where unknown, None without
        such a column. The run's as_of stands in for both.
    notes
        A sentence on each kind of id in doubt, and on each column that was omitted or has slips.
        No customer's data is in them.
    """

    customer_ids: tuple[str, ...]
    headers: tuple[str, ...]
    attributes: AttributeColumns
    label_header: str
    cancelled: Floats | None
    observed: Floats | None
    notes: tuple[str, ...]


def parse_attributes(
    content: bytes,
    *,
    name: str,
    label: str = "",
    ignore: Collection[str] = (),
    elsewhere: Collection[str] = (),
    customer_id: str = "",
    doubtful_ids: str = FOLD,
    decimal: str = "auto",
    time_zone: str = "UTC",
) -> AttributeFile:
    """Read a file of attributes.

    Parameters
    ----------
    content
        The file: CSV, or CSV.gz, with commas, semicolons or tabs. Its encoding is UTF-8, UTF-16
        with its mark, or Windows-1252.
    name
        The file, for messages.
    label
        The setting ``churn_label``: the header of the label. Empty: the one of ``LABELS`` that the
        file has, if any.
    ignore
        The setting ``churn_ignore``: headers of columns to omit.
    elsewhere
        Headers of the tenant's other files: the settings may mean those.
    customer_id
        The header of the customer's id, if it is none that we know.
    doubtful_ids
        The setting: what becomes of ids that name nobody or that a spreadsheet changed.
    decimal, time_zone
        The settings: how numbers are written, and what a date without an offset means.

    Raises
    ------
    InvalidInput
        The file is no such CSV. It has no column of customer ids or several, two columns of one
        name, or more than 200. A row is blank in the id, too short or too long. Two rows have the
        same customer. The label is missing, ambiguous, or has a value that is neither yes nor no.
        Messages name the line and the column, and show no cell.
    """
    rules = IdRules(doubtful_ids=doubtful_ids)
    sheet = read_sheet(content, name=name, customer_id=customer_id, rules=rules)
    columns = dict(sheet.columns)
    for key in _wanted(ignore, sheet, "churn_ignore", elsewhere):
        columns.pop(key, None)
    if label:
        [key] = _wanted([label], sheet, "churn_label", elsewhere)
        label_column = columns.get(key)
    else:
        what = "who cancelled; set 'churn_label' to one"
        label_column = _one_of(columns, LABELS, sheet.name, what)
    observed_column = _one_of(columns, DAYS, sheet.name, "the day that a row describes")
    cancelled = _outcomes(label_column, sheet) if label_column else None
    observed = _days(observed_column, sheet, time_zone) if observed_column else None
    rest = [c for c in columns.values() if c not in (label_column, observed_column)]
    attributes, notes = _typed(rest, name=name, decimal=decimal, time_zone=time_zone)
    return AttributeFile(
        customer_ids=sheet.ids,
        headers=tuple(column.header for column in sheet.columns.values()),
        attributes=attributes,
        label_header=label_column.header if label_column else "",
        cancelled=cancelled,
        observed=observed,
        notes=(*sheet.notes, *notes),
    )


def _wanted(
    headers: Collection[str], sheet: Sheet, setting: str, elsewhere: Collection[str]
) -> list[str]:
    """Return headers of a setting, normalised. One that no file has is an error."""
    others = {normalised(header) for header in elsewhere}
    for header in headers:
        if normalised(header) not in {*sheet.columns, *others}:
            known = [column.header for column in sheet.columns.values()]
            close = difflib.get_close_matches(header, known, n=1)
            hint = f"; is it {close[0]!r}?" if close else ""
            raise InvalidInput(
                f"{sheet.name}: setting {setting!r} names {header!r}, which the file lacks{hint}"
            )
    return [normalised(header) for header in headers]


def _one_of(
    columns: Mapping[str, Texts], headers: Sequence[str], name: str, what: str
) -> Texts | None:
    matches = [columns[key] for key in map(normalised, headers) if key in columns]
    if len(matches) > 1:
        raise InvalidInput(
            f"{name}: both {matches[0].header!r} and {matches[1].header!r} may say {what}, and "
            "remove or ignore the other"
        )
    return matches[0] if matches else None


def outcome_of(text: str) -> float:
    """Return 1 for a word that says that a customer left, 0 for one that stayed, NaN for others."""
    word = text.casefold()
    return 1.0 if word in _LEFT else 0.0 if word in _STAYED else float("nan")


def _outcomes(column: Texts, sheet: Sheet) -> Floats:
    return _values(
        column,
        sheet,
        outcome_of,
        fault="says who cancelled, and this cell is neither yes nor no (true, false, 1, 0, "
        "churned, active …); leave it blank where nobody knows",
    )


def _days(column: Texts, sheet: Sheet, time_zone: str) -> Floats:
    zone = zone_of(time_zone)
    return _values(
        column,
        sheet,
        lambda text: as_days(text, zone),
        fault="is the day that a row describes, and this cell is no date; write it as 2026-11-30",
    )


def _values(column: Texts, sheet: Sheet, read: Callable[[str], float], *, fault: str) -> Floats:
    """Return the column's cells as numbers, NaN where nobody knows. Any other NaN is a fault."""
    values = np.array([read(text) for text in column.distinct])
    wrong = np.flatnonzero(np.isnan(values) & ~column.unknown)
    if len(wrong):
        line = sheet.lines[int(np.flatnonzero(column.codes == wrong[0])[0])]
        raise InvalidInput(f"{sheet.name}, line {line}: column {column.header!r} {fault}")
    return np.asarray(values[column.codes], np.float64)


def _typed(
    columns: Sequence[Texts], *, name: str, decimal: str, time_zone: str
) -> tuple[AttributeColumns, tuple[str, ...]]:
    mark = decide_mark(sorted(numbers_of(columns)), setting=decimal, name=name)
    kept: list[Attribute] = []
    notes: list[str] = []
    for column in columns:
        if column.header in _OURS:
            notes.append(f"{column.header!r} was omitted: a column of Tessera has this name")
            continue
        attribute, note = typed(column, mark=mark, zone=zone_of(time_zone))
        if attribute is None:
            notes.append(f"{column.header!r} was omitted: {note}")
            continue
        kept.append(attribute)
        notes.extend([f"{column.header!r}: {note}"] if note else [])
    return AttributeColumns(tuple(kept)), tuple(notes)
