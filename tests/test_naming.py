import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera import naming
from tessera.errors import InvalidInput

LABEL = st.text(st.sampled_from(string.ascii_letters + string.digits + " '-&’é"), max_size=50)


def test_an_upload_belongs_to_the_tenant_whose_folder_it_lies_in():
    assert naming.upload_tenant("uploads/orders.csv") == "default"
    assert naming.upload_tenant("uploads/acme/orders.csv") == "acme"


def test_a_folder_below_a_tenant_is_one_upload_of_many_parts():
    assert naming.upload_folder("uploads/orders.csv") is None
    assert naming.upload_folder("uploads/acme/orders.csv") is None
    assert naming.upload_folder("uploads/acme/2026/part-1.csv") == "uploads/acme/2026/"


@pytest.mark.parametrize(
    ("key", "tenant", "about_customers"),
    [
        ("uploads/attributes/people.csv", "default", True),
        ("uploads/acme/attributes/people.csv", "acme", True),
        ("uploads/attributes/2026/people.csv", "default", True),
        ("uploads/attributes", "default", False),
        ("uploads/acme/2026/attributes", "acme", False),
        ("uploads/acme/2026/attributes/part-1.csv", "acme", False),
    ],
)
def test_a_folder_called_attributes_is_about_customers(key, tenant, about_customers):
    assert naming.upload_tenant(key) == tenant
    assert naming.holds_attributes(key) is about_customers
    assert not (about_customers and naming.upload_folder(key))


def test_no_tenant_has_the_name_of_that_folder():
    with pytest.raises(InvalidInput, match="choose another name"):
        naming.check_tenant("attributes")


@pytest.mark.parametrize(
    ("upload", "source"),
    [
        ("uploads/orders.csv", "uploads"),
        ("uploads/acme/2026-11/", "uploads"),
        ("uploads/acme/stream-2026-11-29/", "stream"),
        ("uploads/acme/stream-2026/", "uploads"),
        ("uploads/acme/database-orders/", "database-orders"),
        ("uploads/default/crm-Opportunity/", "crm-Opportunity"),
        ("uploads/acme/shopify-orders/", "shopify-orders"),
        ("uploads/acme/shopify-orders/2026/", "uploads"),
        ("uploads/acme/shopify-orders.csv", "uploads"),
        ("uploads/acme/", "uploads"),
    ],
)
def test_the_name_of_an_upload_says_which_source_it_is_of(upload, source):
    assert naming.upload_source(upload) == source


def test_a_source_fills_an_upload_folder_of_its_tenant():
    folder = naming.source_folder("default", "stream-2026-11-29")
    assert folder == "uploads/default/stream-2026-11-29/"
    assert naming.upload_folder(folder + "part-1.csv") == folder
    assert naming.upload_tenant(folder + "_SUCCESS") == "default"


def test_the_key_of_a_source_is_the_tenants_own():
    assert naming.source_secret("prod", "shopify") == "tessera/prod/sources/shopify"
    assert naming.source_secret("prod", "crm", tenant="acme") == "tessera/prod/sources/crm/acme"
    assert naming.raw_prefix("acme", "database") == "tenants/acme/raw/database/"


@pytest.mark.parametrize("key", ["orders.csv", "uploads/", "uploads/UPPER/orders.csv"])
def test_what_is_no_upload_is_refused(key):
    with pytest.raises(InvalidInput):
        naming.upload_tenant(key)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Champions", "_RFM_Champions"),
        ("Can't Lose Them", "_RFM_Cant_Lose_Them"),
        ("At Risk", "_RFM_At_Risk"),
        ("Cluster 1", "_RFM_Cluster_1"),
    ],
)
def test_segment_names_are_the_prefix_and_what_the_destination_allows(label, name):
    assert naming.segment_name(label) == name


def test_a_label_without_a_valid_character_is_refused():
    with pytest.raises(InvalidInput, match="no valid name"):
        naming.segment_name("é’")


def test_two_labels_with_one_name_are_refused_and_both_are_named():
    with pytest.raises(InvalidInput, match=r"'At Risk' and 'At-Risk\?'|'At Risk' and 'At Risk!'"):
        naming.segment_names(["At Risk", "At Risk!"])


@given(LABEL)
def test_every_name_given_is_one_that_the_destination_takes(label):
    try:
        name = naming.segment_name(label)
    except InvalidInput:
        return
    assert name.startswith("_RFM_")
    assert len(name) <= 64
    assert set(name) <= set(string.ascii_letters + string.digits + "_-")


@pytest.mark.parametrize(
    ("key", "tag"),
    [
        ("tenants/default/runs/1/ticket.json", naming.RUN_FILE),
        ("tenants/default/runs/1/customers/part-0.parquet", naming.RUN_FILE),
        ("tenants/acme/runs/1/model/job/output/model.tar.gz", naming.RUN_FILE),
        ("tenants/acme/runs/1/destinations/export/part-00000.csv.gz", naming.RUN_FILE),
        ("tenants/default/runs/1/rejects.csv.gz", naming.REJECTED_ROWS),
        ("tenants/default/runs/1/destinations/klaviyo/refused.csv", naming.REJECTED_ROWS),
        ("tenants/acme/raw/stripe-orders/LOAD-1-1.parquet", naming.RAW_FILE),
        ("tenants/acme/raw/database/public/orders/snapshot-part-0.parquet", naming.RAW_FILE),
        ("tenants/acme/raw/stripe-orders/cursor.json", naming.RAW_FILE),
        ("tenants/acme/raw/stripe-orders/money.txt", ""),
        ("tenants/acme/raw/crm/hubspot-deals/LOAD-1.parquet", ""),
        ("uploads/orders.csv", ""),
        ("tenants/default/latest.json", ""),
        ("tenants/default/settings.toml", ""),
        ("tenants/default/events/upload=1/part-0.parquet", ""),
        ("tenants/default/events/_pending.json", ""),
        ("tenants/default/identities/upload=1/part-0.parquet", ""),
        ("tenants/default/destinations/klaviyo/ledger/base.csv.gz", ""),
        ("tenants/default/profiles/as_of=2011-12-10/run=1/part-0.parquet", ""),
    ],
)
def test_only_a_runs_own_files_and_a_sources_raw_ones_expire(key, tag):
    assert naming.expiry_tag(key) == tag
