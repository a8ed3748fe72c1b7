"""The table of regions against those who know: the SageMaker SDK and botocore."""

from __future__ import annotations

import re
import warnings

import boto3
import pytest

from infra.kit import regions
from infra.settings import StageSettings
from tests.infra.pipeline.samples import arguments

SERVICES = ("glue", "lambda", "sagemaker", "stepfunctions", "dynamodb", "events", "secretsmanager")


@pytest.fixture(scope="module")
def sdk():
    """The SageMaker SDK. Its import warns about its own dependencies."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sagemaker.core import image_uris, shapes
    return image_uris, shapes


def partition(name):
    return "aws-us-gov" if name.startswith("us-gov") else "aws"


def test_the_image_is_the_sdks_in_every_region(sdk):
    image_uris, _ = sdk
    for region in regions.REGIONS.values():
        assert region.sklearn_image == image_uris.retrieve(
            "sklearn",
            region=region.name,
            version="1.9-0",
            py_version="py3",
            instance_type="ml.m5.large",
        )


def test_the_fourteen_regions_of_the_guidance_are_there():
    assert len(regions.GUIDANCE) == 14
    assert set(regions.GUIDANCE) <= set(regions.REGIONS)


def test_every_region_has_the_services():
    session = boto3.Session()
    for name in SERVICES:
        known = {
            region
            for part in ("aws", "aws-us-gov")
            for region in session.get_available_regions(name, partition_name=part)
        }
        assert set(regions.REGIONS) <= known, name


def test_customer_profiles_is_where_botocore_has_endpoints():
    known = boto3.Session().get_available_regions("customer-profiles")
    assert set(regions.CUSTOMER_PROFILES_REGIONS) == set(known)
    assert "eu-west-1" not in known


@pytest.mark.parametrize("region", sorted(regions.REGIONS))
def test_every_region_can_be_deployed_to(region):
    tree = {"stages": {"dev": {"region": region, "destinations": ["export"]}}}
    settings = StageSettings.parse("dev", tree)
    assert settings.place.partition == partition(region)


def snake(name):
    """Return a member's name as the SDK's shapes spell it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def accepted(shape, request):
    """Build the SDK's shape from a request. What it does not know, it refuses."""
    names = {snake(name): value for name, value in request.items()}
    assert names.keys() <= shape.model_fields.keys(), shape
    return shape.model_validate({name: renamed(value) for name, value in names.items()})


def renamed(value):
    if isinstance(value, dict):
        return {snake(name): renamed(item) for name, item in value.items()}
    return [renamed(item) for item in value] if isinstance(value, list) else value


def test_the_sdk_accepts_the_definitions_of_the_jobs(sdk, machine):
    _, shapes = sdk
    train = arguments(machine, "TrainKMeans")
    accepted(shapes.AlgorithmSpecification, train["AlgorithmSpecification"])
    accepted(shapes.OutputDataConfig, train["OutputDataConfig"])
    accepted(shapes.ResourceConfig, train["ResourceConfig"])
    accepted(shapes.StoppingCondition, train["StoppingCondition"])
    for channel in train["InputDataConfig"]:
        assert accepted(shapes.Channel, channel).channel_name == channel["ChannelName"]
    for name in ("Prepare", "Score"):
        request = arguments(machine, name)
        accepted(shapes.AppSpecification, request["AppSpecification"])
        accepted(shapes.ProcessingResources, request["ProcessingResources"])
        accepted(shapes.NetworkConfig, request["NetworkConfig"])
        for each in request["ProcessingInputs"]:
            made = accepted(shapes.ProcessingInput, each)
            assert made.s3_input.s3_uri == each["S3Input"]["S3Uri"]
        if "ProcessingOutputConfig" in request:
            accepted(shapes.ProcessingOutputConfig, request["ProcessingOutputConfig"])
