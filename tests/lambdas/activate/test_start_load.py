"""StartLoad: is there anything to do, and is the destination there?"""

from __future__ import annotations

import pytest

from lambdas.start_load.handler import handler
from tessera.errors import InvalidInput, Refused, Retryable


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
    assert own.object_types == shared.object_types


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
