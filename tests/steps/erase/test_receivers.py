"""Receivers of campaigns who are no customers: erased by the address that a list has."""

from __future__ import annotations

import gzip

import pytest

from adapters.erasure.tables import CampaignRows
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys, customer_keys, erased_marks
from tests.steps.erase.conftest import ANN, SECRET

ZOE, YAN = "zoe@example.com", "yan@example.com"
LIST = "tenants/default/campaigns/lists/fair.csv"
CONSENTS = "tenants/default/consent/import-1.csv"
HASHED = address_keys(SECRET, tenant="default")


class Consents:
    """The campaigns' table, with one consent."""

    def __init__(self, address):
        self.recipient, self.erased = HASHED(address), set()

    def known(self, _tenant, recipients):
        return frozenset(recipients) & {self.recipient}

    def erase(self, _tenant, *, customer_keys, recipients, shared):
        self.erased |= {*recipients}
        return CampaignRows(deleted=1, kept_opt_outs=0)

    def resize(self, *_, **__):
        pass


@pytest.fixture
def receiving(shop):
    shop.identities.write(LIST, f"address,name\n{ZOE},Zoe\nbo@example.com,Bo\n".encode())
    shop.identities.write(f"{CONSENTS}.gz", gzip.compress(f"address\n{YAN}\n{ZOE}\n".encode()))
    return shop


def test_a_receiver_is_erased_by_address_and_marked(receiving):
    receipt = receiving.erase(f" {ZOE.title()}", ANN, "nobody@example.com")
    assert (receipt["status"], receipt["unknown"]) == ("complete", 1)
    assert receiving.hits(ZOE) == []
    assert receiving.identities.bodies[LIST] == b"address,name\nbo@example.com,Bo\n"
    assert receiving.hits("bo@example.com")
    mark_of = erased_marks(SECRET, tenant="default")
    mark = mark_of(customer_keys(SECRET, tenant="default")(ZOE))
    assert mark in receiving.tools().marks.all()


def test_a_consent_alone_makes_an_address_known(receiving):
    receiving.campaigns = Consents("xenia@example.com")
    receipt = receiving.erase("xenia@example.com")
    assert receipt["tables"]["campaigns"] == 1
    assert receiving.campaigns.erased == {HASHED("xenia@example.com")}


def test_an_address_that_nobody_has_is_refused(receiving):
    with pytest.raises(InvalidInput, match="has no customer with this id or address"):
        receiving.erase("nobody@example.com")
