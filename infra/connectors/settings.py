"""The settings of shops that are read directly."""

from __future__ import annotations

import dataclasses

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera.contracts.connectors import CONNECTORS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConnectorSettings:
    """Shops that are read directly, every day. Without names there is nothing.

    ``names`` are kinds of shops, such as ``woocommerce``. Whose shops they are, the secrets of the
    stage show. ``hour`` is the hour of the day in UTC.
    """

    names: tuple[str, ...] = ()
    hour: int = 2

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        known = {*self.names} <= {*CONNECTORS} and len({*self.names}) == len(self.names)
        return failed(
            {
                "names": (known, f"names among {', '.join(CONNECTORS)}, each once"),
                "hour": (0 <= self.hour <= 23, "from 0 to 23, in UTC"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConnectorsSettings(FoundationSettings):
    """A stage with its shops that are read directly."""

    connectors: ConnectorSettings = dataclasses.field(default_factory=ConnectorSettings)
