"""Customer Profiles without the right to the batch call: one object per call."""

from __future__ import annotations

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from tessera.destinations.planning.plan import Plan
from tessera.destinations.vendors.customer_profiles import destination as vendor
from tessera.errors import Refused
from tests.destinations.conftest import customer as customer  # noqa: PLC0414 (a fixture)


def error(code):
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "PutProfileObject")


class Client:
    """Denies the batch call, and answers single ones by their number."""

    def __init__(self, *, singles=()):
        self.calls = Counter()
        self.singles = dict(singles)

    def batch_put_profile_object(self, **_request):
        self.calls["batch"] += 1
        raise error("AccessDeniedException")

    def put_profile_object(self, **request):
        self.calls["single"] += 1
        assert set(request) == {"DomainName", "ObjectTypeName", "Object"}
        if self.calls["single"] in self.singles:
            raise error(self.singles[self.calls["single"]])


@pytest.fixture
def items(customer):
    plan = Plan(vendor, ledger=[])
    return [item for number in range(3) for item in plan.offer(customer(number))]


def transport(client):
    return CustomerProfilesTransport(
        domain="amazon-connect-shop", object_type_name="Customer", tenant="default", client=client
    )


def test_a_batch_that_is_denied_is_put_one_by_one_and_not_tried_again(items):
    client = Client()
    loading = transport(client)
    assert len(loading.send(items).acknowledged) == 3
    assert len(loading.send(items).acknowledged) == 3
    assert client.calls == {"batch": 1, "single": 6}


def test_an_object_that_is_wrong_does_not_hold_up_the_others(items):
    sent = transport(Client(singles={2: "BadRequestException"})).send(items)
    assert len(sent.acknowledged) == 2
    assert [refusal.code for refusal in sent.refused] == ["400"]


def test_without_the_right_to_single_puts_either_the_load_is_refused(items):
    with pytest.raises(Refused, match="AccessDenied"):
        transport(Client(singles={1: "AccessDeniedException"})).send(items)
