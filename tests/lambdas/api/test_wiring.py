"""What serves each tenant: made once a session, and for a bounded number of tenants."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.aws.tenant_sessions import TenantCredentials
from lambdas.api import wiring
from lambdas.api.wiring import TenantServices
from tessera.environments.api import ApiEnvironment
from tessera.environments.tenancy import Tenancy
from tests.lambdas.api.world import NOW

ENV = ApiEnvironment(
    data_bucket="data", identities_bucket="identities", runs_table="runs", api_table="api",
    state_machine_arn="arn:machine",
    user_pool_id="pool", find_customer_function="find", run_defaults="s3://assets/run.json",
    available_destinations="export, webhook", campaigns="", tenants_table="tenants",
    tenancy=Tenancy().to_text(), tenant_role="arn:role",
    removals_machine="arn:aws:states:us-east-1:111122223333:stateMachine:removals:live",
    erasures_machine_arn="arn:aws:states:us-east-1:111122223333:stateMachine:erasures:live",
)  # fmt: skip


class Sessions:
    """One session a tenant, until it is renewed."""

    def __init__(self):
        self.kept, self.begun = {}, []

    def credentials(self, tenant, *, at_least=None):
        if tenant not in self.kept:
            self.begun.append(tenant)
            self.kept[tenant] = TenantCredentials(
                access_key_id=tenant, secret_access_key="x", session_token="x",
                ends_at=NOW + dt.timedelta(hours=1),
            )  # fmt: skip
        return self.kept[tenant]


@pytest.fixture
def sessions():
    return Sessions()


@pytest.fixture
def services(aws_environment, sessions):
    return TenantServices(ENV, sessions=sessions, clock=lambda: NOW)


def test_what_serves_a_tenant_is_made_once_a_session(services, sessions):
    acme = services.of("acme")
    assert services.of("acme") is acme
    assert services.of("zenith") is not acme
    sessions.kept.clear()
    assert services.of("acme") is not acme
    assert sessions.begun == ["acme", "zenith", "acme"]


def test_tenants_share_what_is_no_tenants_and_no_data(services):
    acme, zenith = services.of("acme"), services.of("zenith")
    for name in ("tasks", "executions", "users", "finder", "gate"):
        assert getattr(acme, name) is getattr(zenith, name)
    for name in ("data", "profiles", "runs", "uploads", "keys", "requests"):
        assert getattr(acme, name) is not getattr(zenith, name)
    assert (acme.destinations, acme.campaigns, acme.write_keys) == (
        ["export", "webhook"],
        None,
        None,
    )


def test_the_tenants_asked_for_last_are_kept(services, sessions, monkeypatch):
    monkeypatch.setattr(wiring, "_TENANTS_KEPT", 2)
    first = [services.of(name) for name in ("acme", "zenith", "acme", "other")]
    assert services.of("acme") is first[0]
    assert services.of("zenith") is not first[1]
