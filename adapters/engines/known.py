"""The part of the history that the previous run could count, made by an engine's own relations."""

from __future__ import annotations

from adapters.engines.overlap import EVENTS, Relations
from tessera.customers import comparison
from tessera.customers.comparison import Known
from tessera.customers.summary import Period

_ADDED = "added_rows"


def without_added(relations: Relations, *, known: Known, previous: Period) -> str:
    """Return the query for ``history`` without what only came after the previous run.

    Parameters
    ----------
    relations
        The engine's: ``history``, and ``all_events`` where there are several uploads.
    previous
        What that run counted.
    """
    if not known.has_both_kinds:
        return comparison.without_added("history", known=known)
    relations.keep(
        _ADDED, comparison.added("history", events=EVENTS, known=known, previous=previous)
    )
    some = relations.number(f"SELECT COUNT(*) FROM {_ADDED}")  # noqa: S608 (our own name)
    return comparison.without_added("history", known=known, added=_ADDED if some else "")
