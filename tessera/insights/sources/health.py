"""Whether a source comes when it usually does, with as many rows, and as few refused ones.

Each is judged by the source's own history. Quantiles bear a few odd days, and a shop's quiet
weekends are among the usual ones. See Tukey, *Exploratory Data Analysis* (1977).
"""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections.abc import Sequence

from tessera.insights.sources.arrivals import ArrivalsBySource
from tessera.naming import STREAM, UPLOADED
from tessera.records.runs.arrivals import Arrival, SourceHealth, Usual, Volume

FEWEST = 5  # earlier uploads, below which nothing is called unusual
_TENTHS = 10  # the lowest and the highest tenth of a history are not usual
_FEWER, _MORE = 0.75, 1.33  # of the usual range's ends
_SHARES, _POINTS = 2.0, 0.01  # of the usual share, and this much more at least
_LATER = 1.5  # of the usual days between two uploads
_GRACE = dt.timedelta(hours=12)
_DAY = dt.timedelta(days=1)


def health_of(arrivals: ArrivalsBySource, *, now: dt.datetime) -> tuple[SourceHealth, ...]:
    """Return each source against its own history, by name.

    Parameters
    ----------
    arrivals
        By source, the oldest first.
    now
        When that is asked.
    """
    return tuple(
        _health(source, each, now=now) for source, each in sorted(arrivals.items()) if each
    )


def unhealthy(sources: Sequence[SourceHealth]) -> int | None:
    """Return how many sources are late or unusual. None where only people upload."""
    if all(each.source == UPLOADED for each in sources):
        return None
    return sum(each.is_unhealthy for each in sources)


def _health(source: str, arrivals: Sequence[Arrival], *, now: dt.datetime) -> SourceHealth:
    last = arrivals[-1]
    complete = _complete(source, arrivals)
    judged, before = complete[-1], complete[:-1]
    enough = len(before) >= FEWEST
    rows = _usual([each.rows for each in before]) if enough else None
    share = _usual([_share(each) for each in before]) if enough else None
    due_by = _due_by(arrivals)
    return SourceHealth(
        source=source,
        arrived_at=last.at,
        last_event_at=last.last_event_at,
        due_by=due_by,
        is_late=due_by is not None and now > due_by,
        upload=judged.upload,
        rows=judged.rows,
        refused=judged.refused,
        volume=_volume(judged.rows, rows),
        usual_rows=rows,
        refusals=(
            "too_few" if share is None else "more" if _share(judged) > _bound(share) else "usual"
        ),
        usual_share=share,
        compared=len(before),
    )


def _complete(source: str, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Return the arrivals without a stream's day that is not over. A first day is all there is."""
    last = arrivals[-1]
    if source != STREAM or len(arrivals) == 1:
        return arrivals
    is_over = last.at.astimezone(dt.UTC).date().isoformat() not in last.upload
    return arrivals if is_over else arrivals[:-1]


def _usual(figures: Sequence[float]) -> Usual:
    tenths = statistics.quantiles(figures, n=_TENTHS, method="inclusive")
    return Usual(least=round(tenths[0], 6), most=round(tenths[-1], 6))


def _volume(rows: int, usual: Usual | None) -> Volume:
    if usual is None:
        return "too_few"
    if rows < _FEWER * usual.least:
        return "less"
    return "more" if rows > _MORE * usual.most else "usual"


def _share(arrival: Arrival) -> float:
    return arrival.refused / arrival.rows if arrival.rows else 0.0


def _bound(usual: Usual) -> float:
    """Return the largest share of refused rows that is not called unusual."""
    return max(_SHARES * usual.most, usual.most + _POINTS)


def _due_by(arrivals: Sequence[Arrival]) -> dt.datetime | None:
    """Return when the next arrival is due. Uploads of one day are one: a history comes in files."""
    days = sorted({each.at.astimezone(dt.UTC).date() for each in arrivals})
    gaps = [(later - earlier) / _DAY for earlier, later in itertools.pairwise(days)]
    if len(gaps) < FEWEST:
        return None
    usual = _usual(gaps).most * _DAY
    return arrivals[-1].at + max(_LATER * usual, usual + _GRACE)
