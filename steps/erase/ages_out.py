"""What an erasure does not touch, and when it is gone by itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tessera.erasure.case import moment
from tessera.erasure.receipt import AgesOut

_LATER_UPLOADS = "uploads of these people that came after the erasure"


def ages_out_now(usual: Iterable[AgesOut], search: Mapping[str, Any]) -> Iterator[AgesOut]:
    """Yield what ages out. Uploads that came later do so on a day, and only where there are any.

    Parameters
    ----------
    search
        What the last search came to.
    """
    for each in usual:
        if each.what != _LATER_UPLOADS:
            yield each
        elif search.get("later"):
            last = moment(search["last_later_at"])
            until = (last + dt.timedelta(days=each.days)).date() if each.days else None
            yield dataclasses.replace(each, what=f"{each.what} ({search['later']})", until=until)


def usual_ages_out(
    *,
    upload_days: int,
    reject_days: int,
    run_days: int,
    access_log_days: int,
    noncurrent_days: int,
    stream_days: int = 0,
    queue_days: int = 14,
) -> tuple[AgesOut, ...]:
    """Return what an erasure does not touch, and when it is gone. 0 days are never by itself.

    ``stream_days`` is 0 where there is no event stream, and ``queue_days`` where no queue.
    """
    stream = AgesOut(
        what="records of the event stream",
        days=stream_days,
        why="nobody can delete one. Whatever is stored of them, runs ignore the people in it",
    )
    queues = AgesOut(
        what="messages in queues: moves of labels, events of e-mails, rejects of Customer Profiles",
        days=queue_days,
        why="they are gone when they are handled. Those that failed stay, with ids and addresses",
    )
    return (
        AgesOut(
            what=_LATER_UPLOADS,
            days=upload_days,
            why="their runs ignore these people. The files wait for the runs, and expire",
        ),
        *((stream,) if stream_days else ()),
        AgesOut(
            what="backups of the tables (point-in-time recovery)",
            days=35,
            why="they can be restored, and not changed",
        ),
        AgesOut(
            what="access logs of the buckets",
            days=access_log_days,
            why="they have keys of objects and addresses of callers, and no customer",
        ),
        AgesOut(
            what="hashes of addresses in the files for Amazon SES",
            days=run_days,
            why="they have no names, and are read by the run that wrote them only",
        ),
        AgesOut(
            what="rows that came malformed after the erasure",
            days=reject_days,
            why="whose they are cannot be read",
        ),
        AgesOut(
            what="answers of the API to repeated requests",
            days=1,
            why="they expire by themselves",
        ),
        *((queues,) if queue_days else ()),
        AgesOut(
            what="versions of the state of this erasure",
            days=noncurrent_days,
            why="they have counts and keyed hashes only",
        ),
    )
