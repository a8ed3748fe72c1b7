"""What operators do with tenants, over a store that is a dictionary."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.tenancy import (
    Operator,
    change,
    check_destinations,
    known_tenant,
    make_tenant,
    resume,
    suspend,
)
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant, TenantLimits, why_closed

BY = Operator(subject="user:1", now=dt.datetime(2026, 11, 29, tzinfo=dt.UTC))


class Shelf:
    """Tenants in a dictionary."""

    def __init__(self):
        self.kept = {}
        self.others = []  # what somebody else does before each save

    def listed(self):
        return [self.kept[name] for name in sorted(self.kept)]

    def get(self, name):
        return self.kept.get(name)

    def save(self, tenant, *, before):
        if self.others:
            self.others.pop()(self)
        if self.kept.get(tenant.tenant) != before:
            return False
        self.kept[tenant.tenant] = tenant
        return True


@pytest.fixture
def shelf():
    made = Shelf()
    make_tenant(Tenant(tenant="acme"), by=BY, tenants=made)
    return made


def test_a_tenant_says_who_made_it_and_is_made_once(shelf):
    acme = known_tenant("acme", tenants=shelf)
    assert (acme.state, acme.made_by, acme.made_at) == ("active", "user:1", BY.now)
    with pytest.raises(InvalidInput, match="'acme' exists already"):
        make_tenant(Tenant(tenant="acme"), by=BY, tenants=shelf)
    with pytest.raises(InvalidInput, match="lower-case"):
        make_tenant(Tenant(tenant="Acme Ltd"), by=BY, tenants=shelf)


def test_suspending_keeps_the_limits_and_resuming_forgets_the_reason(shelf):
    limits = TenantLimits(max_runs=5)
    change("acme", lambda one: dataclasses.replace(one, limits=limits), by=BY, tenants=shelf)
    stopped = suspend("acme", reason="invoice 12", by=BY, tenants=shelf)
    assert (stopped.state, stopped.reason, stopped.limits) == ("suspended", "invoice 12", limits)
    again = resume("acme", by=BY, tenants=shelf)
    assert (again.state, again.reason, again.limits) == ("active", "", limits)


def test_what_another_operator_changes_meanwhile_stays(shelf):
    def other(kept):
        kept.kept["acme"] = dataclasses.replace(kept.kept["acme"], daily_run=False)

    shelf.others = [other]
    assert not suspend("acme", reason="", by=BY, tenants=shelf).daily_run


def test_a_tenant_that_is_being_removed_cannot_be_resumed(shelf):
    shelf.kept["acme"] = dataclasses.replace(shelf.kept["acme"], state="removing")
    with pytest.raises(InvalidInput, match="being removed"):
        resume("acme", by=BY, tenants=shelf)


def test_an_unknown_tenant_is_named(shelf):
    with pytest.raises(InvalidInput, match="no tenant 'nobody'"):
        suspend("nobody", reason="", by=BY, tenants=shelf)


def test_a_destination_that_the_stage_does_not_have_is_refused():
    stage = ("export", "klaviyo")
    assert check_destinations(["klaviyo", "export"], stage=stage) == ("export", "klaviyo")
    with pytest.raises(InvalidInput, match="no destination 'braze'"):
        check_destinations(["braze"], stage=stage)


@pytest.mark.parametrize("limit", [{"max_runs": 0}, {"requests_per_minute": 60_001}])
def test_a_limit_that_nobody_could_keep_is_refused(limit):
    with pytest.raises(InvalidInput, match="expected from 1 to"):
        TenantLimits(**limit)


@pytest.mark.parametrize(
    ("name", "known", "is_open", "words"),
    [
        ("acme", None, True, ""),
        ("acme", None, False, "is unknown"),
        ("canary", None, False, ""),
        ("acme", Tenant(tenant="acme"), False, ""),
        ("acme", Tenant(tenant="acme", state="suspended"), True, "is suspended:"),
        ("acme", Tenant(tenant="acme", state="removing"), True, "is being removed"),
    ],
)
def test_why_a_stage_takes_nothing_of_a_tenant(name, known, is_open, words):
    why = why_closed(name, known, is_open=is_open)
    assert words in why
    assert bool(why) == bool(words)
