"""Who an upload's customers are, read from its parts again: all at once, or in slices."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from adapters.engines.duckdb.growing import fill
from adapters.engines.duckdb.session import Connection, scalar
from adapters.engines.duckdb.slices import sliced, slices_of
from tessera.events.consent import CONSENTS
from tessera.events.identities import contacts, identities
from tessera.events.names import UNCOUNTED, UNSUBSCRIBED

_AT_ONCE = 8  # queries over a part each, whose readers take 32 MB each
_ROW_BYTES = 200  # of a row that is grouped: seven texts of 16 bytes, the letters of long ones


def create_people(
    connection: Connection,
    rows: Sequence[str],
    *,
    has: Sequence[Collection[str]],
    constants: Collection[str],
    fault: str,
) -> None:
    """Make ``people_rows``: who the accepted rows' customers are, read from the parts again.

    One query over all parts would open them all, each with its buffers. So what many parts say is
    gathered first, some of them at a time.

    Parameters
    ----------
    rows
        The parts' rows as the fast path reads them, with the ids that they come to.
    has
        The columns of each part.
    constants
        The columns of which all rows have one value, beside those.
    fault
        SQL for what is wrong with a row's money.
    """
    others = f"SELECT 1 FROM marked UNION ALL SELECT 1 FROM staged WHERE event IN {UNCOUNTED}"  # noqa: S608
    # Where every row is an event, asking each once more would cost as much as reading it.
    every_row = scalar(connection, f"SELECT 1 FROM ({others}) AS others LIMIT 1") is None  # noqa: S608
    counted = f"NOT odd AND event NOT IN {UNCOUNTED} AND ({fault}) IS NULL"
    usual = [
        one
        for each, columns in zip(rows, has, strict=True)
        for one in contacts(each, columns, where="true" if every_row else counted)
    ]
    if not every_row:
        everything = frozenset(name for columns in has for name in columns)
        odd = f"code IS NULL AND event NOT IN {UNCOUNTED} AND customer_id IS NOT NULL"
        usual += contacts("FROM judged_odd", everything, where=odd)
    kinds = -(-len(usual) // len(rows))
    groups = _groups(connection, usual, slices=_slices(connection, kinds=kinds))
    answers = _may_answer(connection, [*has, constants])
    fill(connection, "people_rows", [identities(each, answers=answers) for each in groups])
    connection.execute("DROP TABLE IF EXISTS gathered_people")


def _slices(connection: Connection, *, kinds: int) -> int:
    """Return into how many slices customers must be cut, so that the engine can group each.

    Parameters
    ----------
    kinds
        How many contacts a row may have.
    """
    rows = kinds * int(scalar(connection, "SELECT count(*) FROM staged_rows"))
    return slices_of(connection, row_bytes=rows * _ROW_BYTES)


def _groups(connection: Connection, queries: Sequence[str], *, slices: int) -> list[str]:
    """Return queries for what rows say of their customers. Each has all of its customers' rows."""
    some = [
        " UNION ALL ".join(queries[start : start + _AT_ONCE])
        for start in range(0, len(queries), _AT_ONCE)
    ]
    if slices == 1:
        if len(some) > 1:
            fill(connection, "gathered_people", some)
        return some if len(some) == 1 else ["FROM gathered_people"]
    slice_of = f"hash(customer_id) % {slices}"
    return sliced(connection, "gathered_people", some, slice_of=slice_of, slices=slices)


def _may_answer(connection: Connection, given: Sequence[Collection[str]]) -> bool:
    """Return whether a row may give or deny a consent."""
    if any(consent in columns for columns in given for consent in CONSENTS):
        return True
    events = "SELECT event FROM staged UNION ALL SELECT event FROM odd_rows"
    query = f"SELECT 1 FROM ({events}) AS events WHERE event = '{UNSUBSCRIBED}' LIMIT 1"  # noqa: S608
    return scalar(connection, query) is not None
