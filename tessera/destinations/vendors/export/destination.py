"""The export: files for people and other programs, written by the run itself."""

from __future__ import annotations

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities

TITLE = DESTINATIONS["export"].title
CAPABILITIES = Capabilities(requests=False, membership="file", addresses=content.ADDRESSES)
