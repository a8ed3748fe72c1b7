"""The environment of the API and of its authorizer."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment
from tessera.environments.one_line import OneLine


@dataclasses.dataclass(frozen=True)
class ApiEnvironment(Environment):
    """For lambdas/api. ``run_defaults`` is the address of the stage's run settings.

    ``campaigns`` is what ``ApiCampaigns.to_text`` writes, empty where they are off.
    ``tenancy`` is what ``Tenancy.to_text`` writes. ``tenant_role`` is the role that reaches the
    data of one tenant, which a session tag names. ``removals_machine`` is an alias.
    ``write_keys_table`` has the keys of pages, in a stage that collects their events. Of the
    identities bucket, the API writes who is to be erased, and reads nothing.
    """

    data_bucket: str
    identities_bucket: str
    runs_table: str
    api_table: str
    state_machine_arn: str
    erasures_machine_arn: str
    user_pool_id: str
    find_customer_function: str
    run_defaults: str
    available_destinations: str
    campaigns: str
    tenants_table: str
    tenancy: str
    tenant_role: str
    removals_machine: str
    write_keys_table: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiCampaigns(OneLine):
    """What the API works with where campaigns are enabled.

    Parameters
    ----------
    table, identities_bucket
        The campaigns' table, and the bucket of their files.
    machine_arn
        The alias of their state machine.
    count_audience, import_consent, send_test
        The functions that the API calls, by name or ARN.
    """

    table: str
    identities_bucket: str
    machine_arn: str
    count_audience: str
    import_consent: str
    send_test: str


@dataclasses.dataclass(frozen=True)
class AuthorizerEnvironment(Environment):
    """For lambdas/authorizer. ``issuer`` is the user pool's, ``client_id`` the console's."""

    api_table: str
    issuer: str
    client_id: str


@dataclasses.dataclass(frozen=True)
class FindCustomerEnvironment(Environment):
    """For lambdas/find_customer, the only part of the API that reads the identities bucket."""

    data_bucket: str
    identities_bucket: str
