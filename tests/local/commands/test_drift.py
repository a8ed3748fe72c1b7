"""Drift of stacks, with a fake in CloudFormation's place."""

import pytest

from local.commands.drift import drift
from tessera.errors import Refused

CHANGED = {
    "LogicalResourceId": "Bucket",
    "PhysicalResourceId": "the-bucket",
    "ResourceType": "AWS::S3::Bucket",
    "StackResourceDriftStatus": "MODIFIED",
    "PropertyDifferences": [
        {
            "PropertyPath": "/VersioningConfiguration/Status",
            "ExpectedValue": "Enabled",
            "ActualValue": "Suspended" + "!" * 200,
            "DifferenceType": "NOT_EQUAL",
        }
    ],
}
GONE = {
    "LogicalResourceId": "Rule",
    "ResourceType": "AWS::Events::Rule",
    "StackResourceDriftStatus": "DELETED",
}


class CloudFormation:
    """Compares stacks: each needs two looks until it is done."""

    def __init__(self, drifts, *, failed=()):
        self.drifts, self.failed, self.looks = drifts, failed, []

    def detect_stack_drift(self, **request):
        return {"StackDriftDetectionId": f"id of {request['StackName']}"}

    def describe_stack_drift_detection_status(self, **request):
        stack = request["StackDriftDetectionId"].removeprefix("id of ")
        self.looks.append(stack)
        if stack in self.failed:
            return {"DetectionStatus": "DETECTION_FAILED", "DetectionStatusReason": "denied"}
        done = self.looks.count(stack) > 1
        return {"DetectionStatus": "DETECTION_COMPLETE" if done else "DETECTION_IN_PROGRESS"}

    def describe_stack_resource_drifts(self, **request):
        assert request["StackResourceDriftStatusFilters"] == ["MODIFIED", "DELETED"]
        drifts, page = self.drifts[request["StackName"]], int(request.get("NextToken", 0))
        following = {"NextToken": str(page + 1)} if page + 1 < len(drifts) else {}
        return {"StackResourceDrifts": drifts[page : page + 1], **following}


def compare(fake):
    lines = []
    differences = drift(
        fake, stacks=list(fake.drifts), say=lines.append, sleep=lambda seconds: None
    )
    return differences, lines


def test_stacks_as_deployed_have_no_drift():
    differences, lines = compare(CloudFormation({"Data": [], "Pipeline": []}))
    assert differences == {"Data": [], "Pipeline": []}
    assert lines == ["Data: as its template says", "Pipeline: as its template says"]


def test_each_changed_resource_is_printed_with_what_differs():
    differences, lines = compare(CloudFormation({"Data": [CHANGED, GONE], "Pipeline": []}))
    assert (len(differences["Data"]), differences["Pipeline"]) == (3, [])
    assert differences["Data"][0] == "modified: AWS::S3::Bucket the-bucket"
    assert lines[:2] == [
        "Data: changed outside CloudFormation",
        "  modified: AWS::S3::Bucket the-bucket",
    ]
    assert lines[2].startswith(
        "    /VersioningConfiguration/Status: expected Enabled, is Suspended"
    )
    assert len(lines[2]) < 200
    assert lines[3] == "  deleted: AWS::Events::Rule Rule"


def test_a_stack_that_cannot_be_compared_is_no_stack_without_drift():
    with pytest.raises(Refused, match="stack Data: denied"):
        compare(CloudFormation({"Data": []}, failed={"Data"}))


def test_a_comparison_that_never_ends_is_given_up():
    fake = CloudFormation({"Data": []})
    fake.describe_stack_drift_detection_status = lambda **_: {
        "DetectionStatus": "DETECTION_IN_PROGRESS"
    }
    with pytest.raises(Refused, match="within 900 s"):
        compare(fake)
