"""A stage's settings, read from the context "tessera" of cdk.json and checked before any synth."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any, Self

from infra.campaign_settings import Campaign
from infra.groups import (
    Alarms,
    CustomerProfiles,
    Jobs,
    Network,
    Pinpoint,
    Schedule,
    Ses,
    Storage,
    failed,
    refuse,
)
from infra.pandas_layer import layer_arn
from infra.regions import CUSTOMER_PROFILES_REGIONS, REGIONS, Region
from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT, check_tenant
from tessera.settings import RunSettings

# Told over HTTP, with a key that lies in Secrets Manager.
HTTP_DESTINATIONS = (
    "braze", "customerio", "google_ads", "hubspot", "iterable", "klaviyo", "meta", "webhook",
)  # fmt: skip
# Databases that take their tables, with a user and password that lie there too.
WAREHOUSES = ("postgresql", "redshift")
DEFAULT_DESTINATIONS = ("export", "customer_profiles")
DESTINATIONS = (*DEFAULT_DESTINATIONS, "pinpoint", "ses", *WAREHOUSES, *HTTP_DESTINATIONS)
RETIRED = {"pinpoint": "2026-10-30"}  # the day on which a destination's own support ended
LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827)

_STAGE = re.compile(r"[a-z][a-z0-9]{0,9}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageSettings:
    """Everything that a stage may be told.

    Parameters
    ----------
    stage
        Its name, part of the stacks' names.
    region, account
        Where it is deployed; an empty account is the one of the credentials in use.
    retain
        Whether buckets, keys and tables survive the removal of their stack, which is then
        protected from removal too.
    log_retention_days
        How long CloudWatch keeps logs.
    tenants
        The shops that are known beforehand: they get a schedule, a Customer Profiles domain and
        the retention of run files. Any other may upload too.
    max_upload_gb
        The largest upload that is accepted.
    approval_days
        How long a run that the circuit breaker holds waits for somebody's decision; then it fails.
    analytics_policy
        Whether to make a policy for analysts: profiles and catalog, no uploads, no identities.
    destinations
        The destinations that exist in this stage.
    allow_retired
        Whether destinations may be among them whose support has ended.
    pandas_layer
        The ARN of the layer with awswrangler that functions get in a stage with a warehouse; empty
        takes the one that AWS publishes in the region.
    run
        What a run is told unless the tenant says otherwise.
    """

    stage: str
    region: str = "us-east-1"
    account: str = ""
    retain: bool = True
    log_retention_days: int = 30
    tenants: tuple[str, ...] = (DEFAULT_TENANT,)
    max_upload_gb: int = 50
    approval_days: int = 7
    analytics_policy: bool = False
    destinations: tuple[str, ...] = DEFAULT_DESTINATIONS
    allow_retired: bool = False
    pandas_layer: str = ""
    storage: Storage = dataclasses.field(default_factory=Storage)
    jobs: Jobs = dataclasses.field(default_factory=Jobs)
    schedule: Schedule = dataclasses.field(default_factory=Schedule)
    alarms: Alarms = dataclasses.field(default_factory=Alarms)
    customer_profiles: CustomerProfiles = dataclasses.field(default_factory=CustomerProfiles)
    campaign: Campaign = dataclasses.field(default_factory=Campaign)
    network: Network = dataclasses.field(default_factory=Network)
    pinpoint: Pinpoint = dataclasses.field(default_factory=Pinpoint)
    ses: Ses = dataclasses.field(default_factory=Ses)
    run: RunSettings = dataclasses.field(default_factory=RunSettings)

    def __post_init__(self) -> None:
        """Refuse what could not be deployed, naming the setting."""
        for group in _groups(type(self)):
            values = getattr(self, group)
            for name, expected in values.problems().items():
                refuse(f"{group}.{name}", getattr(values, name), expected)
        for tenant in self.tenants:
            check_tenant(tenant)
        for name, expected in self._problems().items():
            refuse(name, getattr(self, name), expected)
        self._check_destinations()

    def _problems(self) -> dict[str, str]:
        account = not self.account or re.fullmatch(r"\d{12}", self.account) is not None
        known = set(self.destinations) <= set(DESTINATIONS)
        return failed(
            {
                "stage": (bool(_STAGE.fullmatch(self.stage)), "1 to 10 of a-z and 0-9"),
                "region": (self.region in REGIONS, f"one of {', '.join(sorted(REGIONS))}"),
                "account": (account, "12 digits, or empty"),
                "log_retention_days": (
                    self.log_retention_days in LOG_RETENTION_DAYS,
                    f"one of {LOG_RETENTION_DAYS}",
                ),
                "tenants": (bool(self.tenants), "at least one"),
                "max_upload_gb": (self.max_upload_gb >= 1, "at least 1"),
                "approval_days": (1 <= self.approval_days <= 90, "from 1 to 90"),
                "destinations": (bool(self.destinations) and known, f"some of {DESTINATIONS}"),
            }
        )

    def _check_destinations(self) -> None:
        missing = set(self.run.destinations) - set(self.destinations)
        if missing:
            refuse("run.destinations", self.run.destinations, f"some of {self.destinations}")
        self._check_retired()
        self._check_layer()
        if self.campaign.connect_instance_id and not self.has_customer_profiles:
            refuse("destinations", self.destinations, "customer_profiles, for 'campaign'")
        if self.has_customer_profiles and not self.place.customer_profiles:
            raise InvalidInput(
                f"setting 'region' is {self.region!r}, which has no Customer Profiles: choose one "
                f"of {', '.join(CUSTOMER_PROFILES_REGIONS)}, or set 'destinations' to ['export']"
            )

    def _check_layer(self) -> None:
        if self.warehouses and not (self.pandas_layer or layer_arn(self.region)):
            expected = "the ARN of a layer with the AWS SDK for pandas, for Python 3.13 on ARM"
            refuse("pandas_layer", self.pandas_layer, expected)

    def _check_retired(self) -> None:
        gone = [name for name in self.destinations if name in RETIRED]
        if gone and not self.allow_retired:
            others = ", ".join(name for name in DESTINATIONS if name not in RETIRED)
            raise InvalidInput(
                f"setting 'destinations' has {gone[0]!r}, whose support ended on "
                f"{RETIRED[gone[0]]}: choose others ({others}), or set 'allow_retired' to true if "
                "it still answers in your account"
            )
        if "pinpoint" in gone and not self.pinpoint.application_id:
            expected = "the id of the application that customers go to"
            refuse("pinpoint.application_id", self.pinpoint.application_id, expected)

    @property
    def place(self) -> Region:
        """What the region has."""
        return REGIONS[self.region]

    @property
    def has_customer_profiles(self) -> bool:
        """Whether the Customer Profiles destination exists in this stage."""
        return "customer_profiles" in self.destinations

    @property
    def http_destinations(self) -> tuple[str, ...]:
        """Destinations of the stage that are told over HTTP."""
        return tuple(name for name in self.destinations if name in HTTP_DESTINATIONS)

    @property
    def imports_contacts(self) -> bool:
        """Whether customers become contacts of SES in this stage."""
        return "ses" in self.destinations and self.ses.import_contacts

    @property
    def files_only(self) -> tuple[str, ...]:
        """Destinations that get files and are told nothing."""
        return ("export",) if self.imports_contacts else ("export", "ses")

    @property
    def warehouses(self) -> tuple[str, ...]:
        """Destinations of the stage that are databases."""
        return tuple(name for name in self.destinations if name in WAREHOUSES)

    @property
    def run_defaults(self) -> str:
        """The settings of a run as JSON, for CheckUpload."""
        return json.dumps(self.run.to_dict(), sort_keys=True, separators=(",", ":"))

    @classmethod
    def parse(cls, stage: str, tree: Mapping[str, Any]) -> Self:
        """Read a stage from the context ``{"defaults": {…}, "stages": {name: {…}}}``.

        Raises
        ------
        InvalidInput
            The stage or a setting is unknown, or a value is not what was expected.
        """
        stages = tree.get("stages", {})
        if stage not in stages:
            refuse("stage", stage, f"one of {', '.join(sorted(stages)) or 'no stage at all'}")
        layers = (tree.get("defaults", {}), stages[stage])
        values = {name: value for layer in layers for name, value in layer.items()}
        given = {name: [layer[name] for layer in layers if name in layer] for name in values}
        groups: dict[str, Any] = {
            name: _group(name, default, given.pop(name))
            for name, default in _groups(cls).items()
            if name in given
        }
        destinations = list(values.get("destinations", DEFAULT_DESTINATIONS))
        run = RunSettings.parse({"destinations": destinations}, *given.pop("run", []))
        plain = {name: layer[-1] for name, layer in given.items()}
        _check_names(plain, cls, at="")
        typed = {name: _typed(name, _defaults(cls)[name], value) for name, value in plain.items()}
        return cls(stage=stage, run=run, **groups, **typed)


def _groups(cls: type[StageSettings]) -> dict[str, Any]:
    return {name: value for name, value in _defaults(cls).items() if hasattr(value, "problems")}


def _defaults(cls: Any) -> dict[str, Any]:
    return {
        field.name: field.default
        if field.default_factory is dataclasses.MISSING
        else field.default_factory()
        for field in dataclasses.fields(cls)
        if field.name != "stage"
    }


def _group(name: str, default: Any, layers: list[Any]) -> Any:
    values: dict[str, Any] = {}
    for layer in layers:
        if not isinstance(layer, Mapping):
            refuse(name, layer, "a group of settings")
        _check_names(layer, type(default), at=f"{name}.")
        values |= layer
    known = dataclasses.asdict(default)
    typed = {key: _typed(f"{name}.{key}", known[key], value) for key, value in values.items()}
    return dataclasses.replace(default, **typed)


def _check_names(values: Mapping[str, Any], cls: Any, *, at: str) -> None:
    known = sorted(_defaults(cls))
    for name in values:
        if name not in known:
            raise InvalidInput(
                f"unknown setting {at + name!r}: expected one of "
                f"{', '.join(at + expected for expected in known)}"
            )


def _typed(name: str, default: Any, value: Any) -> Any:
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return tuple(value)
        refuse(name, value, "a list of names")
    if type(value) is not type(default):
        refuse(name, value, f"{type(default).__name__}, got {type(value).__name__}")
    return value
