"""Lists of receivers are read row by row, and matched with the shop's customers."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.taken import TakenPeople
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.campaign.planning.receiver_lists import read_receivers
from tessera.errors import InvalidInput
from tests.campaign_shop import NOW, TENANT, customer

LIST = {"audience": {"receivers": "vip"}}


def recipients(shop, text):
    shop.upload_receivers("vip", text)
    manifest = plan_campaign(shop.ask(**LIST), services=shop.services(), now=NOW)
    files = CampaignFiles(shop.identities, tenant=TENANT, run_id=manifest.run)
    people = [one for entry in (*manifest.chunks, *manifest.holdout)
              for one in files.chunk(entry).recipients]  # fmt: skip
    return manifest, {one.address: one for one in people}


def test_a_receiver_who_is_a_customer_has_labels_and_counts_for_purchases(shop):
    shop.finish_run([customer("known", churn_band="Low"), customer("other")])
    manifest, people = recipients(
        shop, "address;first_name\nKnown@Mail.Example;Ann\nnew@mail.example;\n"
    )
    known, new = people["known@mail.example"], people["new@mail.example"]
    assert (known.customer_key, known.churn_band, known.country) == ("known", "Low", "DE")
    assert known.fields == {"first_name": "Ann"}
    assert (new.customer_key, new.churn_band, new.fields) == ("", "", {})
    assert manifest.counts.customers == 2
    assert manifest.refused_lines == 0


def test_a_list_needs_no_run_of_the_shop(shop):
    manifest, people = recipients(shop, "address\nnew@mail.example\n")
    assert set(people) == {"new@mail.example"}
    assert manifest.profiles is None


def test_a_receivers_consent_is_the_one_that_the_shop_has(shop):
    shop.settings(legal_basis={})
    shop.finish_run([customer("yes", consent="GRANTED"), customer("no", consent="DENIED")])
    _, people = recipients(shop, "address\nyes@mail.example\nno@mail.example\nwho@mail.example\n")
    assert set(people) == {"yes@mail.example"}


def test_refused_lines_are_in_the_manifest(shop):
    manifest, people = recipients(shop, "address\nnew@mail.example\n@\n")
    assert manifest.refused_lines == 1
    assert len(people) == manifest.counts.customers == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"mail\na@mail.example\n", "no column 'address'"),
        (b"address\na@mail.example\n\xff\n", "not UTF-8 in line 3"),
        (b'address,name\na@mail.example,"Ann\n', "not CSV in row 2"),
        (b"address\na@mail.example,Ann\n", "2 cells in row 2"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_place(shop, content, reason):
    shop.identities.write("tenants/shop/campaigns/lists/vip.csv", content)
    with pytest.raises(InvalidInput, match=reason) as refused:
        read_receivers(TENANT, "vip", identities=shop.identities)
    assert "@" not in str(refused.value)


def test_the_day_is_the_shops(shop):
    shop.upload_receivers("vip", "address\nnew@mail.example\n")
    late = NOW.replace(hour=23, minute=30)  # the next day in Berlin
    manifest = plan_campaign(shop.ask(**LIST), services=shop.services(), now=late)
    taken = TakenPeople(shop.identities, tenant=TENANT, run_id=manifest.run).read()
    assert taken.day.tolist() == [(NOW.date() - dt.date(1970, 1, 1)).days + 1]
