"""The settings of a stage's destinations: which there are, and what each needs to know."""

from __future__ import annotations

import dataclasses

from infra.destinations.connect_campaign_settings import ConnectCampaignSettings
from infra.destinations.groups import (
    CustomerProfilesSettings,
    PinpointSettings,
    SesSettings,
)
from infra.kit.checks import failed, refuse
from infra.kit.pandas_layer import layer_arn
from infra.kit.regions import CUSTOMER_PROFILES_REGIONS
from infra.kit.stage import Stage
from tessera.contracts import customer_profiles
from tessera.contracts.destinations import (
    CUSTOMER_PROFILES,
    DESTINATIONS,
    EXPORT,
    PINPOINT,
    SES,
    ended,
    of_kind,
)
from tessera.errors import InvalidInput
from tessera.settings import DEFAULT_DESTINATIONS


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationSettings(Stage):
    """A stage, and the destinations that exist in it.

    Parameters
    ----------
    destinations
        The destinations that exist in this stage.
    allow_retired
        Whether destinations whose support has ended are allowed.
    pandas_layer
        The ARN of the layer with database drivers for a stage with PostgreSQL or Redshift. Empty
        takes the one that AWS publishes in the region.
    """

    destinations: tuple[str, ...] = DEFAULT_DESTINATIONS
    allow_retired: bool = False
    pandas_layer: str = ""
    customer_profiles: CustomerProfilesSettings = dataclasses.field(
        default_factory=CustomerProfilesSettings
    )
    connect_campaign: ConnectCampaignSettings = dataclasses.field(
        default_factory=ConnectCampaignSettings
    )
    pinpoint: PinpointSettings = dataclasses.field(default_factory=PinpointSettings)
    ses: SesSettings = dataclasses.field(default_factory=SesSettings)

    @property
    def has_customer_profiles(self) -> bool:
        """Whether the Customer Profiles destination exists in this stage."""
        return CUSTOMER_PROFILES in self.destinations

    @property
    def profiles_domain(self) -> str:
        """The default tenant's Customer Profiles domain, empty without that destination."""
        if not self.has_customer_profiles:
            return ""
        return self.customer_profiles.domain or customer_profiles.domain_name(self.stage)

    @property
    def http_destinations(self) -> tuple[str, ...]:
        """Destinations of the stage that are updated over HTTP."""
        return tuple(name for name in self.destinations if name in of_kind("http"))

    @property
    def imports_contacts(self) -> bool:
        """Whether customers become contacts of SES in this stage."""
        return SES in self.destinations and self.ses.import_contacts

    @property
    def files_only(self) -> tuple[str, ...]:
        """Destinations that get files and no requests in this stage."""
        return (EXPORT,) if self.imports_contacts else (EXPORT, SES)

    @property
    def warehouses(self) -> tuple[str, ...]:
        """Destinations of the stage that are databases."""
        return tuple(name for name in self.destinations if name in of_kind("warehouse"))

    @property
    def needs_drivers(self) -> bool:
        """Whether a destination of the stage is reached by database drivers."""
        return any(DESTINATIONS[name].drivers for name in self.warehouses)


def problems(settings: DestinationSettings) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    known = set(settings.destinations) <= set(DESTINATIONS)
    has_layer = settings.pandas_layer or layer_arn(settings.region)
    campaign = settings.connect_campaign.connect_instance_id
    return failed(
        {
            "destinations": (
                bool(settings.destinations) and known,
                f"some of {tuple(DESTINATIONS)}",
            ),
            "pandas_layer": (
                not settings.needs_drivers or bool(has_layer),
                "the ARN of a layer with the AWS SDK for pandas, for Python 3.13 on ARM",
            ),
        }
    ) | failed(
        {
            "destinations": (
                not campaign or settings.has_customer_profiles,
                "customer_profiles, for 'connect_campaign'",
            )
        }
    )


def check_place_and_support(settings: DestinationSettings) -> None:
    """Refuse destinations that the region lacks, or whose support has ended.

    Raises
    ------
    InvalidInput
        The message names the setting and what to choose instead.
    """
    _check_retired(settings)
    if settings.has_customer_profiles and not settings.place.customer_profiles:
        raise InvalidInput(
            f"setting 'region' is {settings.region!r}, which has no Customer Profiles: choose one "
            f"of {', '.join(CUSTOMER_PROFILES_REGIONS)}, or set 'destinations' to ['export']"
        )


def _check_retired(settings: DestinationSettings) -> None:
    end_dates = ended()
    retired = [name for name in settings.destinations if name in end_dates]
    if retired and not settings.allow_retired:
        others = ", ".join(name for name in DESTINATIONS if name not in end_dates)
        raise InvalidInput(
            f"setting 'destinations' has {retired[0]!r}, whose support ended on "
            f"{end_dates[retired[0]]}: choose others ({others}), or set 'allow_retired' to true "
            "if it still answers in your account"
        )
    if PINPOINT in retired and not settings.pinpoint.application_id:
        expected = "the id of the application that customers go to"
        refuse("pinpoint.application_id", settings.pinpoint.application_id, expected)
