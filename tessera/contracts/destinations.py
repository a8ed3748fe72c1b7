"""The list of destinations: every name that settings, infrastructure and stand-ins share.

To add a destination, add a line here. ``tessera.destinations.catalog`` then needs its vendor module
and, for an HTTP destination, ``local.app.stand_ins`` its stand-in. Tests compare the three.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

Kind = Literal["files", "aws", "warehouse", "http"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationName:
    """One destination as all parts of the system know it.

    Parameters
    ----------
    title
        Its name for people.
    kind
        How a run updates it: it only writes ``files``, calls a service of ``aws``, runs statements
        in a ``warehouse``, or sends requests over ``http`` with a key from Secrets Manager.
    ended
        The date on which the vendor ended it, YYYY-MM-DD. Empty while it is supported.
    drivers
        Whether a warehouse is reached by database drivers, which only a layer has.
    moves
        Whether it takes single moves of live labels, as its module's capabilities say too.
    """

    title: str
    kind: Kind
    ended: str = ""
    drivers: bool = False
    moves: bool = False


EXPORT, CUSTOMER_PROFILES, PINPOINT, SES = "export", "customer_profiles", "pinpoint", "ses"
SNOWFLAKE = "snowflake"

DESTINATIONS: Mapping[str, DestinationName] = {
    EXPORT: DestinationName(title="Export", kind="files"),
    CUSTOMER_PROFILES: DestinationName(title="Customer Profiles", kind="aws"),
    PINPOINT: DestinationName(title="Amazon Pinpoint", kind="aws", ended="2026-10-30"),
    SES: DestinationName(title="Amazon SES", kind="aws"),
    "postgresql": DestinationName(title="PostgreSQL", kind="warehouse", drivers=True),
    "redshift": DestinationName(title="Amazon Redshift", kind="warehouse", drivers=True),
    SNOWFLAKE: DestinationName(title="Snowflake", kind="warehouse"),
    "braze": DestinationName(title="Braze", kind="http", moves=True),
    "customerio": DestinationName(title="Customer.io", kind="http", moves=True),
    "google_ads": DestinationName(title="Google Ads", kind="http"),
    "hubspot": DestinationName(title="HubSpot", kind="http", moves=True),
    "iterable": DestinationName(title="Iterable", kind="http", moves=True),
    "klaviyo": DestinationName(title="Klaviyo", kind="http", moves=True),
    "meta": DestinationName(title="Meta", kind="http"),
    "webhook": DestinationName(title="Webhook", kind="http", moves=True),
}


def of_kind(kind: Kind) -> tuple[str, ...]:
    """Return the names of the destinations of one kind, in the list's order."""
    return tuple(name for name, one in DESTINATIONS.items() if one.kind == kind)


def taking_moves() -> tuple[str, ...]:
    """Return the names of the destinations that take single moves, in the list's order."""
    return tuple(name for name, one in DESTINATIONS.items() if one.moves)


def ended() -> dict[str, str]:
    """Return the date on which each ended destination ended, by its name."""
    return {name: one.ended for name, one in DESTINATIONS.items() if one.ended}


def title(name: str) -> str:
    """Return a destination's name for people. A name of another version is spelled out."""
    return DESTINATIONS[name].title if name in DESTINATIONS else name.replace("_", " ")
