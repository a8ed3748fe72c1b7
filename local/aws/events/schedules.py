"""Schedules that tick: EventBridge's cron and rate expressions, matched minute by minute."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import threading
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.+)\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {
    name: n for n, name in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], start=1)
}


def due(expression: str, minute: dt.datetime, *, since: dt.datetime) -> bool:
    """Return whether a schedule fires in a minute.

    Parameters
    ----------
    expression
        ``rate(…)`` or ``cron(minute hour day-of-month month day-of-week year)``.
    minute
        The minute, in the schedule's time zone.
    since
        When the schedule was made: a rate counts from there.
    """
    rate = _RATE.fullmatch(expression)
    if rate:
        passed = int((minute - since).total_seconds() // 60)
        return passed > 0 and passed % (int(rate[1]) * _MINUTES[rate[2]]) == 0
    cron = _CRON.fullmatch(expression)
    if not cron:
        return False
    weekday = minute.isoweekday() % 7 + 1
    values = (minute.minute, minute.hour, minute.day, minute.month, weekday, minute.year)
    names: tuple[dict[str, int], ...] = ({}, {}, {}, _MONTHS, _DAYS, {})
    fields = cron[1].split()
    return all(_matches(*triple) for triple in zip(fields, values, names, strict=True))


def _matches(field: str, value: int, names: dict[str, int]) -> bool:
    return any(_part_matches(part, value, names) for part in field.split(","))


def _part_matches(part: str, value: int, names: dict[str, int]) -> bool:
    text, _, step = part.partition("/")
    if text in {"*", "?"}:
        first, last = 0, 10**4
    else:
        ends = [names.get(end.upper()) or int(end) for end in text.split("-")]
        first, last = ends[0], ends[-1] if len(ends) > 1 or not step else 10**4
    return first <= value <= last and (value - first) % int(step or 1) == 0


class Ticker:
    """Fires due rules and schedules once a minute, until closed."""

    def __init__(
        self,
        client: Callable[[str], Any],
        deliver: Callable[[dict[str, Any], dict[str, Any]], None],
    ) -> None:
        self._client = client
        self._deliver = deliver
        self._over = threading.Event()
        self._since = _minute()

    def start(self) -> None:
        """Begin to tick, in the background."""
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        """Stop ticking."""
        self._over.set()

    def _run(self) -> None:
        last = self._since
        while not self._over.wait(1):
            now = _minute()
            if now > last:
                last = now
                self.tick(now)

    def tick(self, now: dt.datetime) -> None:
        """Fire whatever is due in this minute (UTC)."""
        event = {
            "version": "0",
            "source": "aws.scheduler",
            "detail-type": "Scheduled Event",
            "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [],
            "detail": {},
        }
        for expression, zone, target in self._schedules():
            if due(expression, now.astimezone(zone), since=self._since):
                self._deliver(target, event)

    def _schedules(self) -> Iterator[tuple[str, dt.tzinfo, dict[str, Any]]]:
        events = self._client("events")
        for rule in events.list_rules()["Rules"]:
            if rule.get("ScheduleExpression") and rule["State"] == "ENABLED":
                for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
                    yield rule["ScheduleExpression"], dt.UTC, target
        scheduler = self._client("scheduler")
        for item in scheduler.list_schedules()["Schedules"]:
            made = scheduler.get_schedule(Name=item["Name"], GroupName=item["GroupName"])
            if made.get("State", "ENABLED") == "ENABLED":
                zone = zoneinfo.ZoneInfo(made.get("ScheduleExpressionTimezone") or "UTC")
                yield made["ScheduleExpression"], zone, _with_time(made["Target"])


def _with_time(target: dict[str, Any]) -> dict[str, Any]:
    """Scheduler fills its own placeholders in a target's input."""
    text = target.get("Input", "")
    now = _minute().strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**target, "Input": text.replace("<aws.scheduler.scheduled-time>", now)}


def _minute() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
