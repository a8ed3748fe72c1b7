"""The environments of the functions of campaigns."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class CampaignsEnvironment(Environment):
    """What most functions of campaigns work with, and all that lambdas/measure_campaign needs.

    ``run_defaults`` is the address of the stage's run settings.
    """

    data_bucket: str
    identities_bucket: str
    campaigns_table: str
    run_defaults: str


@dataclasses.dataclass(frozen=True)
class PlanCampaignEnvironment(CampaignsEnvironment):
    """For lambdas/plan_campaign and count_audience, which hash addresses."""

    pseudonym_secret: str


@dataclasses.dataclass(frozen=True)
class ImportConsentEnvironment(Environment):
    """For lambdas/import_consent. It reads no settings and no customers."""

    data_bucket: str
    identities_bucket: str
    campaigns_table: str
    pseudonym_secret: str


@dataclasses.dataclass(frozen=True)
class SendCampaignEnvironment(CampaignsEnvironment):
    """For lambdas/send_chunk, and what lambdas/advance_campaign begins with.

    ``link_keys_secret`` signs unsubscribe links on the origin ``console``. ``ses_tenant_prefix``
    comes before the tenant in the name of its SES tenant, which sends by the identity and the
    configuration set of these ARNs. ``warm_up_from`` is the day of the domain's first message,
    empty for a domain that is known. ``webhook_secret`` has the default tenant's key for messages
    to a webhook, empty in a stage without this destination. ``tenants_table`` has who is suspended.
    """

    identity_arn: str
    configuration_set_arn: str
    ses_tenant_prefix: str
    link_keys_secret: str
    console: str
    warm_up_from: str
    webhook_secret: str
    tenants_table: str


@dataclasses.dataclass(frozen=True)
class AdvanceCampaignEnvironment(SendCampaignEnvironment):
    """For lambdas/advance_campaign, which starts the next execution of a long run."""

    state_machine_arn: str


@dataclasses.dataclass(frozen=True)
class SendTestEnvironment(SendCampaignEnvironment):
    """For lambdas/send_test, which hashes the address that it writes to."""

    pseudonym_secret: str


@dataclasses.dataclass(frozen=True)
class WriteEventsEnvironment(Environment):
    """For lambdas/write_events."""

    campaigns_table: str


@dataclasses.dataclass(frozen=True)
class UnsubscribeEnvironment(Environment):
    """For lambdas/unsubscribe, which anybody with a link reaches."""

    campaigns_table: str
    link_keys_secret: str


@dataclasses.dataclass(frozen=True)
class KeepCampaignsEnvironment(CampaignsEnvironment):
    """For lambdas/keep_campaigns.

    It starts the runs that are due, takes over suppression lists, and has campaigns measured by the
    function ``measure_function``. ``stage`` is a dimension of its metrics.
    """

    tenants_table: str
    state_machine_arn: str
    measure_function: str
    pseudonym_secret: str
    ses_tenant_prefix: str
    stage: str
