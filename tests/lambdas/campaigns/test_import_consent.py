"""The function that imports consents: the next plan counts them."""

from __future__ import annotations

import json

import pytest

from adapters.stores.erased import ErasedMarks
from lambdas.import_consent.handler import handler
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.events.pseudonym import customer_keys, erased_marks
from tests.campaign_shop import NOW, SECRET, customer

FILE = "address,state,basis,at\nann@mail.example,granted,express,2026-05-04\nbo,granted,express,\n"


@pytest.fixture
def imported(shop, monkeypatch):
    shop.identities.write("tenants/shop/consent/i1.csv", FILE.encode())
    return handler({"tenant": "shop", "import": "i1"}, None)


def test_the_report_is_the_reply_and_is_kept(shop, imported, capsys):
    assert (imported["added"], imported["refused"]) == (1, 1)
    assert shop.data.read_json("tenants/shop/consent/i1.json") == imported
    assert "@" not in json.dumps(imported) + capsys.readouterr().out


def test_the_next_plan_counts_the_consents(shop, imported):
    shop.settings(legal_basis={})
    shop.finish_run([customer("ann"), customer("bo")])
    manifest = plan_campaign(shop.ask(), services=shop.services(), now=NOW)
    assert manifest.counts.eligible + manifest.counts.held_out == 1
    assert manifest.counts.left_out["no_consent"] == 1


def test_an_erased_address_gets_no_consent_again(shop):
    keys, marks = (make(SECRET.encode(), tenant="shop") for make in (customer_keys, erased_marks))
    ErasedMarks(shop.data, tenant="shop").write("dsr-1", [marks(keys("ann@mail.example"))])
    shop.identities.write("tenants/shop/consent/i2.csv", FILE.encode())
    report = handler({"tenant": "shop", "import": "i2"}, None)
    assert (report["added"], report["erased"], report["states"]) == (0, 1, {})
