"""The settings of the event stream."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed

_MOST_SHARDS = 500
_LEAST_HOURS, _MOST_HOURS = 24, 8760  # Kinesis' own
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"https://{_LABEL}(?:\.{_LABEL})*(?::(?!443$)[1-9]\d{{0,4}})?")
_LEAST_EVENTS, _MOST_EVENTS = 100, 60_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class StreamSettings:
    """Clicks and orders as they happen. A shard costs money at rest, so there are none.

    ``shards`` is how many the stream has: each accepts 1,000 records or 1 MB a second.
    ``retention_hours`` is how long records wait for a function that fails: above 24 they cost more.
    ``origins`` are the web pages that may send events from a browser, as a browser writes them. The
    key of a page may send ``page_events_a_minute``.
    """

    shards: int = 0
    retention_hours: int = _LEAST_HOURS
    origins: tuple[str, ...] = ()
    page_events_a_minute: int = 6_000

    @property
    def collects(self) -> bool:
        """Whether pages can send events."""
        return bool(self.shards and self.origins)

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "shards": (
                    0 <= self.shards <= _MOST_SHARDS,
                    f"0 (no stream) to {_MOST_SHARDS}",
                ),
                "retention_hours": (
                    _LEAST_HOURS <= self.retention_hours <= _MOST_HOURS,
                    f"{_LEAST_HOURS} to {_MOST_HOURS} hours",
                ),
                "origins": (
                    all(_ORIGIN.fullmatch(origin) for origin in self.origins),
                    "a list of origins such as 'https://shop.example.com', each in lower case, "
                    "without a path, without *, and without :443",
                ),
                "page_events_a_minute": (
                    _LEAST_EVENTS <= self.page_events_a_minute <= _MOST_EVENTS,
                    f"{_LEAST_EVENTS} (one full request) to {_MOST_EVENTS} (a shard's)",
                ),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class StreamsSettings(FoundationSettings):
    """A stage with its event stream."""

    stream: StreamSettings = dataclasses.field(default_factory=StreamSettings)


def problems(settings: StreamsSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    days = settings.storage.upload_days
    most = 24 * (days - 2)
    return failed(
        {
            "stream.retention_hours": (
                not (settings.stream.shards and days) or settings.stream.retention_hours <= most,
                f"at most {most} hours: a late part closes its day again, whose other parts must "
                f"still be there, and 'storage.upload_days' removes them after {days} days",
            ),
            "stream.origins": (
                bool(settings.stream.shards) or not settings.stream.origins,
                "an empty list, or a stream of 'stream.shards' for the events to go to",
            ),
        }
    )
