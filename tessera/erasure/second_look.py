"""The second look: what began before an erasure may still write what it had read by then.

Runs wait for the tenant's turn. The job that curates, the plan of a campaign, a chunk that is sent
and live labels do not. So what was searched is searched again when the longest of them is over.
A look that takes something out may have been too early again, so another one follows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from tessera.erasure.case import LOOK_AGAIN_AT, TAKEN, Progress, moment
from tessera.erasure.objects import ErasedObjects
from tessera.erasure.places import WRITTEN_BY_OTHERS

KEPT_OPT_OUTS = "opt-outs kept"
ALONE = dt.timedelta(0)  # what writers may take where none runs beside the erasure


def taken_out(objects: Iterable[ErasedObjects], tables: Mapping[str, int]) -> int:
    """Return how much was taken out so far, of what only Tessera writes.

    Shops may bring the person again in their own files. Runs ignore them there.
    """
    ours = (one for one in objects if one.kind not in WRITTEN_BY_OTHERS)
    files = sum(one.rewritten + one.deleted + one.versions for one in ours)
    return files + sum(count for name, count in tables.items() if name != KEPT_OPT_OUTS)


def planned_look(
    state: Progress, *, taken: int, longest: dt.timedelta, now: dt.datetime
) -> Progress:
    """Return when to look again, as the case's state keeps it.

    Parameters
    ----------
    taken
        How much was taken out, by all looks together.
    longest
        What the longest of the writers may take. ``ALONE`` where nothing else runs: then one look
        is enough.
    now
        When this look ended.
    """
    if not longest:
        return {TAKEN: taken, LOOK_AGAIN_AT: None}
    if LOOK_AGAIN_AT in state and state.get(TAKEN) == taken:
        return {}
    return {TAKEN: taken, LOOK_AGAIN_AT: (now + longest).isoformat()}


def open_until(state: Progress) -> dt.datetime | None:
    """Return when to look again, None after a look that began late enough."""
    planned = state.get(LOOK_AGAIN_AT)
    if not planned or moment(state["began_at"]) >= moment(planned):
        return None
    return moment(planned)
