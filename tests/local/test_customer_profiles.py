"""The local Customer Profiles service, asked by the real SDK."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.services.frame.service_model import ServiceModel
from tessera.contracts.customer_profiles import OBJECT_TYPE, object_type

DOMAIN = {"DomainName": "amazon-connect-shop"}


@pytest.fixture
def client(profiles):
    unchecked = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return boto3.client("customer-profiles", config=unchecked)


def item(number: int, **fields: str) -> dict:
    customer = {"customer_id": f"C {number}", "rfm_segment": "Champions", **fields}
    return {"Id": f"key-{number}", "Object": json.dumps(customer)}


def put(client, *items: dict) -> dict:
    return client.batch_put_profile_object(**DOMAIN, ObjectTypeName=OBJECT_TYPE, Items=list(items))


def groups(attribute: str, kind: str, *values: str) -> dict:
    condition = {"DimensionType": kind, "Values": list(values)}
    dimension = {"ProfileAttributes": {"Attributes": {attribute: condition}}}
    return {"Groups": [{"Dimensions": [dimension], "Type": "ALL"}], "Include": "ALL"}


def size(client, query: dict) -> str:
    estimate = client.create_segment_estimate(**DOMAIN, SegmentQuery=query)
    return client.get_segment_estimate(**DOMAIN, EstimateId=estimate["EstimateId"])["Estimate"]


def refused(call, **parameters) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    assert caught.value.response["Error"]["Code"] == "BadRequestException"
    return caught.value.response["Error"]["Message"]


def test_an_object_becomes_a_profile_and_is_upserted_by_its_unique_key(client):
    first = put(client, item(1, email="ann@example.com"), item(2))
    assert [entry["Id"] for entry in first["Successful"]] == ["key-1", "key-2"]
    put(client, item(1, rfm_segment="Łódź ☂"))
    profiles = client.search_profiles(**DOMAIN, KeyName="_account", Values=["C 1"])["Items"]
    assert len(profiles) == 1
    assert profiles[0]["Attributes"] == {"rfm_segment": "Łódź ☂"}
    assert "EmailAddress" not in profiles[0]
    assert client.get_domain(**DOMAIN)["Stats"]["ProfileCount"] == 2


@pytest.mark.parametrize(
    ("key", "value"), [("_email", "ann@example.com"), ("_tesseraCustomerId", "C 1")]
)
def test_profiles_are_found_by_standard_keys_and_by_ours(client, key, value):
    put(client, item(1, email="ann@example.com"), item(2, email="bo@example.com"))
    profiles = client.search_profiles(**DOMAIN, KeyName=key, Values=[value])["Items"]
    assert [profile["AccountNumber"] for profile in profiles] == ["C 1"]


def test_what_the_sdk_lets_pass_is_refused_as_the_service_would(client):
    eleven = [item(number) for number in range(11)]
    assert "more than 10" in refused(
        client.batch_put_profile_object, **DOMAIN, ObjectTypeName=OBJECT_TYPE, Items=eleven
    )
    segment = {**DOMAIN, "DisplayName": "x", "SegmentGroups": groups("a", "INCLUSIVE", "b")}
    create = client.create_segment_definition
    assert "must match" in refused(create, SegmentDefinitionName="_RFM_At Risk", **segment)
    assert "more than 64" in refused(create, SegmentDefinitionName="x" * 65, **segment)
    segment["SegmentGroups"] = groups("a", "IS", "b")
    assert "must be one of" in refused(create, SegmentDefinitionName="x", **segment)
    segment["SegmentGroups"] = groups("a", "INCLUSIVE", *map(str, range(51)))
    assert "more than 50" in refused(create, SegmentDefinitionName="x", **segment)


def test_an_unknown_member_and_a_missing_one_are_refused(client):
    model = ServiceModel("customer-profiles")
    problems = model.problems("CreateDomain", {"DomainName": "d", "Extra": 1})
    assert any("Extra" in problem for problem in problems)
    assert any("DefaultExpirationDays" in problem for problem in problems)


def test_an_item_fails_for_itself(client):
    answer = put(client, item(1), {"Id": "key-2", "Object": "{}"}, item(3, email="x" * 256))
    assert [entry["Id"] for entry in answer["Successful"]] == ["key-1"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [
        ("key-2", 400),
        ("key-3", 400),
    ]


def test_a_segment_counts_the_customers_that_match_its_condition(client):
    put(client, item(1, rfm_frequency="3"), item(2, rfm_segment="At Risk", rfm_frequency="10"))
    assert size(client, groups("rfm_segment", "INCLUSIVE", "At Risk")) == "1"
    assert size(client, groups("rfm_segment", "EXCLUSIVE", "At Risk")) == "1"
    assert size(client, groups("rfm_frequency", "GREATER_THAN", "2")) == "2"
    assert size(client, groups("rfm_frequency", "BETWEEN", "4", "10")) == "1"
    assert size(client, groups("rfm_f", "INCLUSIVE", "5")) == "0"


def test_segments_are_made_listed_and_deleted_but_never_replaced(client):
    for name in ("_RFM_B", "_RFM_A", "_RFM_C"):
        client.create_segment_definition(
            **DOMAIN,
            SegmentDefinitionName=name,
            DisplayName=name,
            SegmentGroups=groups("rfm_segment", "INCLUSIVE", name),
        )
    assert "already exists" in refused(
        client.create_segment_definition,
        **DOMAIN,
        SegmentDefinitionName="_RFM_A",
        DisplayName="again",
        SegmentGroups=groups("rfm_segment", "INCLUSIVE", "x"),
    )
    first = client.list_segment_definitions(**DOMAIN, MaxResults=2)
    rest = client.list_segment_definitions(**DOMAIN, NextToken=first["NextToken"])
    names = [entry["SegmentDefinitionName"] for entry in first["Items"] + rest["Items"]]
    assert names == ["_RFM_A", "_RFM_B", "_RFM_C"]
    client.delete_segment_definition(**DOMAIN, SegmentDefinitionName="_RFM_A")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_segment_definition(**DOMAIN, SegmentDefinitionName="_RFM_A")


def test_membership_of_single_profiles(client):
    put(client, item(1), item(2, rfm_segment="Lost"))
    client.create_segment_definition(
        **DOMAIN,
        SegmentDefinitionName="_RFM_Lost",
        DisplayName="_RFM_Lost",
        SegmentGroups=groups("rfm_segment", "INCLUSIVE", "Lost"),
    )
    ids = [
        client.search_profiles(**DOMAIN, KeyName="_account", Values=[name])["Items"][0]["ProfileId"]
        for name in ("C 1", "C 2")
    ]
    answer = client.get_segment_membership(
        **DOMAIN, SegmentDefinitionName="_RFM_Lost", ProfileIds=ids
    )
    assert [entry["QueryResult"] for entry in answer["Profiles"]] == ["ABSENT", "PRESENT"]


def test_the_object_type_is_kept_as_it_was_given(client):
    kept = client.get_profile_object_type(**DOMAIN, ObjectTypeName=OBJECT_TYPE)
    assert {name: kept[name] for name in object_type()} == object_type()


def test_our_object_type_and_its_names_satisfy_the_service_model():
    model = ServiceModel("customer-profiles")
    assert model.problems(
        "PutProfileObjectType", {**DOMAIN, "ObjectTypeName": OBJECT_TYPE, **object_type()}
    ) == []  # fmt: skip


def test_an_operation_that_is_not_served_says_so(client):
    with pytest.raises(ClientError) as caught:
        client.list_domains()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "ListDomains" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "status"), [("ThrottlingException", 429), ("InternalServerException", 500)]
)
def test_faults_can_be_asked_for(client, profiles, kind, status):
    profiles.faults.fail_next(1, kind, operation="GetDomain")
    with pytest.raises(ClientError) as caught:
        client.get_domain(**DOMAIN)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert client.get_domain(**DOMAIN)["DomainName"] == "amazon-connect-shop"


def test_deleting_a_domain_removes_all_of_it(client):
    client.delete_domain(**DOMAIN)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_domain(**DOMAIN)
