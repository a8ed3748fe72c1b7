"""StartLoad: is there anything to do, and is the destination there?"""

from __future__ import annotations

import json

import boto3
import pytest

from adapters.stores.ledger import Ledger
from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.poll_load.handler import handler as poll_load
from lambdas.start_load.handler import handler
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.destinations.planning.report import RECREATED
from tessera.errors import InvalidInput, Refused, Retryable
from tests.lambdas.activate.conftest import SEGMENTS


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_changes_are_to_be_sent(loaded_run, profiles):
    loaded_run.write(["a", "b"])
    reply = handler(loaded_run.event, None)
    assert reply == {"status": "IN_PROGRESS", "wait_seconds": 0, "progress": {"changes": 2}}
    assert profiles.calls == {"GetProfileObjectType": 1}


def test_without_changes_it_is_done(loaded_run):
    loaded_run.write()
    assert handler(loaded_run.event, None)["status"] == "DONE"


def test_a_load_that_is_held_is_done_at_once_and_asks_nobody(loaded_run, profiles):
    loaded_run.write(["a", "b"], held="Held: too many exits.")
    assert handler(loaded_run.event, None)["status"] == "DONE"
    assert not profiles.calls


def test_an_export_is_done_at_once_and_asks_nobody(loaded_run, profiles):
    loaded_run.write(destination="export", changes=5)
    assert handler({**loaded_run.event, "destination": "export"}, None)["status"] == "DONE"
    assert not profiles.calls


def test_a_destination_that_is_not_there_says_what_to_do(loaded_run, profiles):
    loaded_run.write(["a"])
    profiles.domains.clear()
    with pytest.raises(InvalidInput, match="deploy the stack again"):
        handler(loaded_run.event, None)


def test_a_further_tenant_gets_a_domain_like_the_stages(loaded_run, profiles):
    event = {**loaded_run.event, "tenant": "shop-b"}
    loaded_run.write(["a"])
    prefix = "runs/r1/destinations/customer_profiles/load.json"
    loaded_run.identities.write_json(
        f"tenants/shop-b/{prefix}", loaded_run.identities.read_json(f"tenants/default/{prefix}")
    )
    assert handler(event, None)["status"] == "IN_PROGRESS"
    own = profiles.domains["amazon-connect-shop-shop-b"]
    shared = profiles.domains["amazon-connect-shop"]
    assert own.description["DefaultExpirationDays"] == 1096
    assert _kept(own) == _kept(shared)


def _kept(domain):
    """Return a domain's object types without their times."""
    times = ("CreatedAt", "LastUpdatedAt")
    return {
        name: {key: value for key, value in kind.items() if key not in times}
        for name, kind in domain.object_types.items()
    }


def _send(run):
    """Send a load, and return its report."""
    handler(run.event, None)
    poll_load(run.event, Context())
    ensure_segments(run.event, None)
    return json.loads(run.read("report.json"))


def test_an_object_type_that_was_created_again_has_nobody(loaded_run, profiles):
    loaded_run.write(["a", "b"])
    assert not _send(loaded_run)["recreated"]
    assert loaded_run.acknowledged() == ["key-a", "key-b"]
    [domain] = profiles.domains.values()
    domain.profiles.clear()
    domain.object_types[OBJECT_TYPE]["CreatedAt"] += 1
    loaded_run.begin_again()
    loaded_run.write(["c"], unchanged=2, desired=3)
    sent = _send(loaded_run)
    assert RECREATED in sent["message"]
    assert sent["recreated"]
    assert loaded_run.acknowledged() == ["key-c"]  # so the next plan has a and b again


def test_a_domain_that_was_created_again_has_nobody(loaded_run, profiles):
    loaded_run.write(["a"])
    _send(loaded_run)
    [(name, old)] = profiles.domains.items()
    client = boto3.client("customer-profiles")
    client.delete_domain(DomainName=name)
    client.create_domain(DomainName=name, DefaultExpirationDays=366)
    client.put_profile_object_type(
        DomainName=name, ObjectTypeName=OBJECT_TYPE, **_settable(old.object_types[OBJECT_TYPE])
    )
    loaded_run.begin_again()
    loaded_run.write()
    assert handler(loaded_run.event, None)["status"] == "DONE"
    assert loaded_run.acknowledged() == []


def _settable(kind):
    unset = {"ObjectTypeName", "CreatedAt", "LastUpdatedAt"}
    return {name: value for name, value in kind.items() if name not in unset}


def test_what_is_added_to_an_object_type_leaves_the_ledger_as_it_is(loaded_run, profiles):
    loaded_run.write(["a"])
    _send(loaded_run)
    own = {**SEGMENTS[0], "name": "_RFM_Loud", "kind": "set", "set": "loudness"}
    loaded_run.begin_again()
    loaded_run.write(["b"], segments=[own])
    assert not _send(loaded_run)["recreated"]
    assert profiles.calls["PutProfileObjectType"] == 1
    assert loaded_run.acknowledged() == ["key-a", "key-b"]


def test_an_interrupted_reset_is_completed_by_the_next_attempt(loaded_run, profiles, monkeypatch):
    loaded_run.write(["a"])
    _send(loaded_run)
    [domain] = profiles.domains.values()
    domain.object_types[OBJECT_TYPE]["CreatedAt"] += 1
    loaded_run.begin_again()
    loaded_run.write(["b"])

    def interrupted(*_arguments: object) -> None:
        raise Retryable("the function ended here")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "bind", interrupted)
        with pytest.raises(Retryable):
            handler(loaded_run.event, None)
    assert _send(loaded_run)["recreated"]
    assert loaded_run.acknowledged() == ["key-b"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("ThrottlingException", Retryable),
        ("InternalServerException", Retryable),
        ("AccessDeniedException", Refused),
    ],
)
def test_errors_say_what_to_do(loaded_run, profiles, kind, error):
    loaded_run.write(["a"])
    profiles.faults.fail_next(9, kind)
    with pytest.raises(error):
        handler(loaded_run.event, None)


def test_an_unknown_destination_or_a_missing_field_is_invalid(loaded_run):
    with pytest.raises(InvalidInput, match="unknown destination"):
        handler({**loaded_run.event, "destination": "fax"}, None)
    with pytest.raises(InvalidInput, match="run_id"):
        handler({"tenant": "default", "destination": "export"}, None)
