"""How a campaign's messages leave: by e-mail, to a webhook, or by another tool."""

from __future__ import annotations

import dataclasses
from typing import Literal
from urllib.parse import urlsplit

from tessera.campaigns.definitions.checks import require
from tessera.contracts.destinations import DESTINATIONS

EMAIL, WEBHOOK, AUDIENCE = "email", "webhook", "audience"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignChannel:
    """How messages leave.

    Parameters
    ----------
    kind
        ``email``, ``webhook`` (one request per recipient), or ``audience``: another tool gets the
        recipients with variant and holdout labels, sends its own message, and is measured here.
    to
        The webhook's HTTPS address, or the destination's name. Empty for e-mail.
    """

    kind: Literal["email", "webhook", "audience"] = "email"
    to: str = ""

    def __post_init__(self) -> None:
        """Refuse a channel without a usable end."""
        checks = {
            EMAIL: (not self.to, "an empty text for e-mail"),
            WEBHOOK: (_is_https(self.to), "an address such as 'https://hooks.example.com/tessera'"),
            AUDIENCE: (self.to in DESTINATIONS, f"one of {', '.join(sorted(DESTINATIONS))}"),
        }
        require(self, {"to": checks[self.kind]})


def _is_https(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username and port_is_good
