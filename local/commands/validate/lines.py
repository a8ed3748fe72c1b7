"""What ``tessera validate`` prints of a file."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.engines.duckdb.validate import FileCheck
from local.terminal import table
from tessera.events.reasons import BY_CODE
from tessera.sources.sniff import DELIMITERS


def lines_of(checked: FileCheck) -> Iterator[str]:
    """Yield how a file was read, its kinds of faults, and the figures of a shop's dashboard."""
    refused = sum(checked.rejected.values())
    yield f"  read as     {_format(checked.encoding, checked.delimiter)}"
    yield f"  amounts     decimal {checked.decimal}, {checked.currency or 'no currency given'}"
    if checked.source.dates:
        yield f"  dates       {checked.source.dates}"
    yield f"  mapping     {checked.source.reads}"
    if checked.source.money:
        yield f"  money       {checked.source.money}"
    for ours, theirs in checked.columns.items():
        yield f"  column      {ours} from {theirs!r}"
    yield (
        f"  rows        {checked.read:,} read: {checked.accepted:,} accepted, "
        f"{refused:,} rejected, {sum(checked.ignored.values()):,} ignored"
    )
    for kind, doubt in checked.people.doubts.items():
        yield f"  {kind:<11} {doubt.rows:,} × customer ids such as {doubt.example!r}"
    for note in checked.source.notes:
        yield f"  note        {note}"
    yield from _faults(checked)
    yield from _contents(checked)


def _faults(checked: FileCheck) -> Iterator[str]:
    """Yield each kind of fault once, with its number, its first row and what to do."""
    for kind in checked.kinds:
        where = f"{kind.file} line {kind.line}"
        column = f", column {kind.column!r}" if kind.column else ""
        cell = f"{kind.cell!r}" if kind.cell else "empty"
        yield ""
        yield f"  {kind.rows:,} × {kind.code} (rejected): {kind.meaning}."
        yield f"    First at {where}{column}: {cell}"
        yield f"    What to do: {kind.advice}."
    for code, count in sorted(checked.ignored.items(), key=lambda item: -item[1]):
        reason = BY_CODE[code]
        yield ""
        yield f"  {count:,} × {code} (ignored): {reason.meaning}."
        yield f"    What to do: {reason.advice}."


def _contents(checked: FileCheck) -> Iterator[str]:
    """Yield what a shop compares with its own dashboard."""
    holds = checked.contents
    if holds.first is None:
        return
    yield ""
    yield (
        f"  {holds.first} to {holds.last}: {holds.customers:,} customers, {holds.orders:,} orders, "
        f"{holds.net:,.2f} {checked.currency}".rstrip()
        + " net of refunds"
    )
    yield ""
    rows = [
        [one.month, f"{one.customers:,}", f"{one.orders:,}", f"{one.net:,.2f}"]
        for one in holds.months
    ]
    yield from table(["Month", "Customers", "Orders", f"Net {checked.currency}".strip()], rows)


def _format(encoding: str, delimiter: str) -> str:
    return f"{encoding} {DELIMITERS.get(delimiter, delimiter)}".strip()
