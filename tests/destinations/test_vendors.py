"""Exactly what each vendor's files and requests say."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from tessera.contracts.customer_profiles import FIELDS, tenant_domain
from tessera.destinations import content
from tessera.destinations.port import Contact
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles
from tessera.destinations.vendors.export import files as export
from tessera.segments.sets.catalog import SHIPPED

EMAIL, SMS = Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100")
NOTHING = dict.fromkeys(
    ("first_purchase_at", "last_purchase_at", "recency_days", "mean_order_value", "tenure_days",
     "r_score", "f_score", "m_score", "rfm_score", "cluster")
)  # fmt: skip

FORECAST = {
    "p_alive": 0.93,
    "p_no_order_90d": 0.2,
    "clv_365d": Decimal("1234.56"),
    "next_order_at": dt.date(2026, 6, 1),
    "next_products": '["M1","T1"]',
    "labels": '{"value_tier": "High", "mine": "Łódź"}',
}


def test_a_profile_object(customer):
    assert customer_profiles.render(customer(1, contacts=(EMAIL, SMS))) == {
        "customer_id": "C 1",
        "email": "ann@example.com",
        "phone": "+12125550100",
        "rfm_segment": "Champions",
        "rfm_cluster": "1",
        "rfm_score": "543",
        "rfm_r": "5",
        "rfm_f": "4",
        "rfm_m": "3",
        "rfm_frequency": "2",
        "rfm_monetary": "12.50",
        "rfm_first_purchase": "2026-04-01",
        "rfm_last_purchase": "2026-04-01",
        "rfm_recency_days": "30",
        "rfm_as_of": "2026-05-01",
    }


def test_what_a_customer_lacks_is_left_out(customer):
    prospect = customer(1, segment="Prospect", frequency=0, monetary=Decimal("0.00"), **NOTHING)
    assert customer_profiles.render(prospect) == {
        "customer_id": "C 1",
        "rfm_segment": "Prospect",
        "rfm_frequency": "0",
        "rfm_monetary": "0.00",
        "rfm_as_of": "2026-05-01",
    }


def test_sms_comes_before_voice_and_other_channels_stay_out(customer):
    voice, push = Contact("VOICE", "+12125550199"), Contact("PUSH", "token")
    rendered = customer_profiles.render(customer(1, contacts=(push, SMS, voice)))
    assert rendered["phone"] == "+12125550100"
    assert "token" not in rendered.values()
    assert customer_profiles.render(customer(1, contacts=(voice,)))["phone"] == "+12125550199"


def test_forecasts_are_sent_as_far_as_they_last_and_sets_as_labels(customer):
    rendered = customer_profiles.render(customer(1, **FORECAST))
    bare = customer_profiles.render(customer(1))
    assert {name: value for name, value in rendered.items() if name not in bare} == {
        "rfm_clv_365d": "1235",
        "rfm_next_order": "2026-06-01",
        "rfm_next_products": "M1|T1",
        "rfm_set_value_tier": "High",
        "rfm_set_mine": "Łódź",
    }


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        (["M1", "T1"], "M1|T1"),
        ([], None),
        (["a|b"], None),
        (["a|b", "x" * 256, "M1"], "M1"),
        (["x" * 255, "M1"], "x" * 255),
        (["x" * 252, "M1", "T1"], "x" * 252 + "|M1"),
        (["x" * 253, "M1", "T1"], "x" * 253),
        (["ab"] * 85, "|".join(["ab"] * 85)),
        (["ab"] * 86, "|".join(["ab"] * 85)),
    ],
)
def test_a_list_has_as_many_of_the_first_as_fit_each_of_them_whole(entries, text):
    assert content.listed(entries) == text


def test_every_field_that_is_sent_is_mapped_by_the_object_type(customer):
    labels = json.dumps(dict.fromkeys(SHIPPED, "x"))
    everything = customer(1, contacts=(EMAIL, SMS), **FORECAST | {"labels": labels})
    assert set(customer_profiles.render(everything)) == set(FIELDS)


def test_a_response_that_leaves_an_item_out_is_no_acknowledgement(customer):
    from tessera.destinations.port import Item

    item = Item("key", "C 1", "d", {})
    outcome = customer_profiles.outcome([item], {"Successful": [], "Failed": []})
    assert [again for again, _ in outcome.again] == [item]
    assert not outcome.acknowledged


def test_csv_cells_are_text_that_no_spreadsheet_runs():
    assert export.cell(None) == ""
    assert export.cell(dt.datetime(2026, 1, 2, 3, 4, 5, 600000, dt.UTC)) == (
        "2026-01-02T03:04:05.600000Z"
    )
    assert export.cell(Decimal("-1.50")) == "-1.50"
    for text in ('=HYPERLINK("x")', "+1+1", "-1+1", "@SUM(A1)"):
        assert export.cell(text) == "'" + text
    assert export.cell("\t=1") == "'\t'=1"
    assert export.cell("+12125550100") == "+12125550100"


def test_a_tenant_has_a_domain_of_its_own():
    assert tenant_domain("amazon-connect-x", tenant="default") == "amazon-connect-x"
    assert tenant_domain("amazon-connect-x", tenant="shop-b") == "amazon-connect-x-shop-b"
    long = [tenant_domain("amazon-connect-tessera-dev", tenant="t" * 47 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) <= 64
