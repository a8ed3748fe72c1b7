"""All that an embedded AWS and its stand-ins hold, as texts: where a person may be left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from local.app.system import System
from local.aws.server import EmbeddedAws
from local.loopback.memory import Remembering, memory_of
from tests.steps.erase.conftest import readable


def everywhere(aws: EmbeddedAws, system: System) -> Iterator[tuple[str, str]]:
    """Yield a place and its text, for every version, item, log line, execution and stand-in."""
    yield from _versions(aws, system.data_bucket)
    yield from _versions(aws, system.identities_bucket)
    yield from _items(aws)
    for group, line in system.logs():
        yield f"log {group}", line
    states = aws.client("stepfunctions")
    for machine in states.list_state_machines()["stateMachines"]:
        arn = machine["stateMachineArn"]
        for one in states.list_executions(stateMachineArn=arn, maxResults=1000)["executions"]:
            name = one["executionArn"]
            yield f"execution {name}", json.dumps(system.history(name), default=str)
    for name, state in aws.states().items():
        if isinstance(state, Remembering):
            yield f"stand-in {name}", json.dumps(memory_of(state))


def _versions(aws: EmbeddedAws, bucket: str) -> Iterator[tuple[str, str]]:
    s3 = aws.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for marker in page.get("DeleteMarkers", []):
            yield f"marker {bucket}/{marker['Key']}", marker["Key"]
        for one in page.get("Versions", []):
            which: dict[str, Any] = {"Bucket": bucket, "Key": one["Key"]}
            body = s3.get_object(**which, VersionId=one["VersionId"])["Body"].read()
            yield f"object {bucket}/{one['Key']}", f"{one['Key']} {readable(body)}"


def _items(aws: EmbeddedAws) -> Iterator[tuple[str, str]]:
    dynamodb = aws.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                yield f"item of {table}", json.dumps(item, default=str)
