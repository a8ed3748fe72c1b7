"""The settings of exports of a CRM or ERP."""

from __future__ import annotations

import dataclasses
import re

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed
from tessera import naming

_OBJECT = re.compile(r"[a-z][a-z0-9-]{0,60}")
_CONNECTION = re.compile(r"[\w/!@#+=.-]{1,256}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?:[\w!.()=-]+/)+")
KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key/[0-9a-f-]+")
SALESFORCE = "salesforce-"  # how the objects begin that AppFlow can read


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """Exports of a CRM or ERP, read every day. Without objects there is nothing.

    ``objects`` are sections of a mapping file, such as ``hubspot-deals``. ``tenant`` is whose they
    are. ``hour`` is the hour of the day in UTC. With ``appflow``, Amazon AppFlow reads the objects
    of Salesforce an hour before, by the connection ``appflow_connection`` that you made there.
    ``source_bucket`` is a bucket of yours where exports arrive, in this account and region:
    ``<source_prefix><object>/<day>/``. ``source_key_arn`` is the key that encrypts it, if you made
    one. Without a bucket, exports arrive in the identities bucket.
    """

    objects: tuple[str, ...] = ()
    tenant: str = naming.DEFAULT_TENANT
    hour: int = 4
    appflow: bool = False
    appflow_connection: str = ""
    source_bucket: str = ""
    source_prefix: str = ""
    source_key_arn: str = ""

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
                "tenant": (naming.is_tenant(self.tenant), "a tenant, such as 'default'"),
                "hour": (0 <= self.hour <= 23, "from 0 to 23, in UTC"),
                "appflow": (
                    not self.appflow or any(name.startswith(SALESFORCE) for name in self.objects),
                    f"false, or an object among crm.objects that begins with {SALESFORCE!r}",
                ),
                "appflow_connection": (
                    connected if self.appflow else not self.appflow_connection,
                    "the name of a connection of AppFlow with crm.appflow, empty without",
                ),
                **self._of_bucket(),
            }
        )

    def _of_bucket(self) -> dict[str, tuple[bool, str]]:
        named = bool(self.source_bucket)
        may_be_named = bool(self.objects) and not self.appflow
        return {
            "source_bucket": (
                not named or (may_be_named and bool(_BUCKET.fullmatch(self.source_bucket))),
                "the name of a bucket, with crm.objects and without crm.appflow, which writes "
                "into the identities bucket",
            ),
            "source_prefix": (
                not self.source_prefix or (named and bool(_PREFIX.fullmatch(self.source_prefix))),
                "folders of crm.source_bucket with a slash at the end, such as 'exports/crm/'",
            ),
            "source_key_arn": (
                not self.source_key_arn or (named and bool(KEY_ARN.fullmatch(self.source_key_arn))),
                "the ARN of the KMS key of crm.source_bucket, not of an alias",
            ),
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class CrmSettings(FoundationSettings):
    """A stage with its exports of a CRM or ERP."""

    crm: ExportSettings = dataclasses.field(default_factory=ExportSettings)


def problems(settings: CrmSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    match = KEY_ARN.fullmatch(settings.crm.source_key_arn)
    place = (settings.region, settings.account or (match[2] if match else ""))
    return failed(
        {
            "crm.source_key_arn": (
                not match or match.groups() == place,
                f"a key in {settings.region} and in the stage's account, as the bucket must be",
            )
        }
    )
