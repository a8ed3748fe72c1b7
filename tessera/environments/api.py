"""The environment of the API and of its authorizer."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class ApiEnvironment(Environment):
    """For lambdas/api. ``run_defaults`` is the address of the stage's run settings."""

    data_bucket: str
    runs_table: str
    api_table: str
    state_machine_arn: str
    user_pool_id: str
    find_customer_function: str
    run_defaults: str
    available_destinations: str


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
