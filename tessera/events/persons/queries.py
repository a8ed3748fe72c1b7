"""What an upload's rows say of their ids, as SQL texts for all engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tessera.events.counts import Doubt
from tessera.events.persons.doubts import CROWDED


def crowded(people: str) -> str:
    """Return the query for the ids with more addresses of one kind than one person has.

    Parameters
    ----------
    people
        A relation of ``tessera.events.identities``.
    """
    return f"""SELECT DISTINCT customer_id FROM (
        SELECT customer_id FROM {people} WHERE address IS NOT NULL
        GROUP BY customer_id, channel_type
        HAVING count(DISTINCT lower(address)) > {CROWDED}
    ) AS crowds"""  # noqa: S608 (our own names)


def doubts(rows: str, *, cell: str) -> str:
    """Return the query for the ids in doubt: a row for each kind, for ``doubt_records``.

    Parameters
    ----------
    rows, cell
        A relation with ``doubt``, and its column with the ids as the file has them.
    """
    return f"""SELECT doubt, count(*), count(DISTINCT {cell}), min({cell})
        FROM {rows} WHERE doubt <> '' GROUP BY doubt ORDER BY doubt"""  # noqa: S608 (our own names)


def doubt_records(rows: Iterable[Sequence[Any]]) -> dict[str, Doubt]:
    """Return the ids in doubt, by kind."""
    return {
        str(kind): Doubt(rows=int(count), ids=int(ids), example=str(example))
        for kind, count, ids, example in rows
    }
