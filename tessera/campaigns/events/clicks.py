"""Clicks that a scanner made, as far as that can be seen. Raw clicks are kept beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tessera.campaigns.events.reading import MessageEvent

SOON = dt.timedelta(seconds=10)  # after delivery
AT_ONCE = dt.timedelta(seconds=2)
MANY_LINKS = 3  # different ones, within AT_ONCE


def likely_human(
    clicks: Sequence[MessageEvent], *, delivered_at: dt.datetime | None
) -> list[MessageEvent]:
    """Return the clicks of one message that are not like a scanner's.

    Omitted are a HEAD request, a click within 10 seconds of delivery, and three or more links
    within 2 seconds. Scanners that behave like people remain, so the figure is an upper bound.

    Parameters
    ----------
    clicks
        All clicks of the message, in any order.
    delivered_at
        When it was delivered, None if no event says so.
    """
    ordered = sorted(clicks, key=lambda click: (click.at, click.link))
    return [
        click
        for click in ordered
        if click.method != "HEAD"
        and (delivered_at is None or click.at - delivered_at > SOON)
        and not _is_in_burst(click, ordered)
    ]


def _is_in_burst(click: MessageEvent, clicks: Sequence[MessageEvent]) -> bool:
    starts = (one.at for one in clicks if dt.timedelta(0) <= click.at - one.at <= AT_ONCE)
    return any(
        len({one.link for one in clicks if start <= one.at <= start + AT_ONCE}) >= MANY_LINKS
        for start in starts
    )
