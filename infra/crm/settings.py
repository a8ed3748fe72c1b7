"""The settings of exports of a CRM or ERP."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera import naming
from tessera.errors import InvalidInput

_OBJECT = re.compile(r"[a-z][a-z0-9-]{0,60}")
_CONNECTION = re.compile(r"[\w/!@#+=.-]{1,256}")
SALESFORCE = "salesforce-"  # how the objects begin that AppFlow can read


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """Exports of a CRM or ERP, read every day. Without objects there is nothing.

    ``objects`` are sections of a mapping file, such as ``hubspot-deals``. ``tenant`` is whose they
    are. ``hour`` is the hour of the day in UTC. With ``appflow``, Amazon AppFlow reads the objects
    of Salesforce an hour before, by the connection ``appflow_connection`` that you made there.
    """

    objects: tuple[str, ...] = ()
    tenant: str = naming.DEFAULT_TENANT
    hour: int = 4
    appflow: bool = False
    appflow_connection: str = ""

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        connected = bool(_CONNECTION.fullmatch(self.appflow_connection))
        return failed(
            {
                "objects": (
                    all(_OBJECT.fullmatch(name) for name in self.objects)
                    and len({*self.objects}) == len(self.objects),
                    "sections of a mapping file, each once, such as 'hubspot-deals'",
                ),
                "tenant": (_is_tenant(self.tenant), "a tenant, such as 'default'"),
                "hour": (0 <= self.hour <= 23, "from 0 to 23, in UTC"),
                "appflow": (
                    not self.appflow or any(name.startswith(SALESFORCE) for name in self.objects),
                    f"false, or an object among crm.objects that begins with {SALESFORCE!r}",
                ),
                "appflow_connection": (
                    connected if self.appflow else not self.appflow_connection,
                    "the name of a connection of AppFlow with crm.appflow, empty without",
                ),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class CrmSettings(FoundationSettings):
    """A stage with its exports of a CRM or ERP."""

    crm: ExportSettings = dataclasses.field(default_factory=ExportSettings)


def _is_tenant(name: str) -> bool:
    try:
        return naming.check_tenant(name) == name
    except InvalidInput:
        return False
