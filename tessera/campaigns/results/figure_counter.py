"""Count what happened to a run's messages by band, variant and hour, a partition at a time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from tessera.campaigns.events.figures import OPENS_NOTE, EventFigures, first_times
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.run_figures import GroupFigures, HourFigures, RunFigures
from tessera.campaigns.sending.outcomes import PARTITIONS

_UNKNOWN = "unknown"
_UNSUBSCRIBED = "unsubscribed"
_Counts = Counter[tuple[str, str]]  # by group or hour, and figure


class FigureCounter:
    """Counts the recipients of one run. The held out got no message and are not among them.

    Parameters
    ----------
    taken
        Who the run took.
    """

    def __init__(self, taken: Assigned) -> None:
        people = taken.where(~taken.is_held_out)
        self._groups: dict[str, dict[str, tuple[str, str]]] = {digit: {} for digit in PARTITIONS}
        rows = zip(
            people.recipient.tolist(),
            people.churn_band.tolist(),
            people.variant.tolist(),
            strict=True,
        )
        for key, band, variant in rows:
            recipient = key.decode()
            self._groups[recipient[0]][recipient] = (band or _UNKNOWN, variant)
        everybody = [groups for part in self._groups.values() for groups in part.values()]
        self._recipients = len(everybody)
        self._sizes = [Counter(names) for names in zip(*everybody, strict=True)] or [Counter()] * 2
        self._total: _Counts = Counter()
        self._by: tuple[_Counts, _Counts] = (Counter(), Counter())
        self._by_hour: _Counts = Counter()
        self._strangers = 0

    def add(
        self, digit: str, events: Iterable[MessageEvent], *, unsubscribed: Collection[str]
    ) -> None:
        """Count a partition, once.

        Parameters
        ----------
        digit
            The first one of its recipients.
        events
            All events of it.
        unsubscribed
            Recipients of the run, of any partition, who opted out by one of its links.
        """
        groups = self._groups[digit]
        times = first_times(events)
        strangers: set[str] = set()
        for figure, held in times.items():
            for recipient, at in held.items():
                if recipient in groups:
                    self._count(figure, groups[recipient])
                    self._by_hour[_hour(at).isoformat(), figure] += 1
                else:
                    strangers.add(recipient)
        self._strangers += len(strangers)
        for recipient in set(unsubscribed) & groups.keys():
            self._count(_UNSUBSCRIBED, groups[recipient])

    def figures(
        self, *, run_id: str, campaign: str, measured_at: dt.datetime, simulated: bool
    ) -> RunFigures:
        """Return the figures of everything that was counted.

        Parameters
        ----------
        run_id, campaign
            Which run.
        measured_at
            When.
        simulated
            Whether the simulator made the reactions.
        """
        by_band, by_variant = (
            tuple(_of_group(counts, name, size=sizes[name]) for name in sorted(sizes))
            for counts, sizes in zip(self._by, self._sizes, strict=True)
        )
        hours = sorted({hour for hour, _ in self._by_hour})
        return RunFigures(
            run_id=run_id,
            campaign=campaign,
            measured_at=measured_at,
            simulated=simulated,
            total=_of_group(self._total, "", size=self._recipients),
            by_band=by_band,
            by_variant=by_variant,
            by_hour=tuple(
                HourFigures(hour=dt.datetime.fromisoformat(one), events=_events(self._by_hour, one))
                for one in hours
            ),
            notes=self._notes(),
        )

    def _count(self, figure: str, groups: tuple[str, str]) -> None:
        self._total["", figure] += 1
        for counts, group in zip(self._by, groups, strict=True):
            counts[group, figure] += 1

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if self._total["", "opened"]:
            notes.append(f"{OPENS_NOTE}.")
        if self._strangers:
            notes.append(
                f"Events name {self._strangers:,} people who the run did not write to. They are in "
                "no figure: look for messages that were sent past the plan."
            )
        return tuple(notes)


def _hour(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _of_group(counts: _Counts, group: str, *, size: int) -> GroupFigures:
    return GroupFigures(
        group=group,
        recipients=size,
        events=_events(counts, group),
        unsubscribed=counts[group, _UNSUBSCRIBED],
    )


def _events(counts: Mapping[tuple[str, str], int], group: str) -> EventFigures:
    values = vars(EventFigures())
    return EventFigures(**{name: counts.get((group, name), 0) for name in values})
