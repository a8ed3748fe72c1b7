"""All that an embedded AWS and its stand-ins hold: where a person may be left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from local.app.system import System
from local.aws.server import EmbeddedAws
from local.loopback.memory import Remembering, memory_of
from tests.steps.erase.conftest import readable


class Everywhere:
    """Where names stand in an embedded AWS and its stand-ins.

    A version of an object never changes, so each is read once, however often one looks.
    """

    def __init__(self, aws: EmbeddedAws, system: System, names: Iterable[str]) -> None:
        self._aws, self._system, self._names = aws, system, tuple(names)
        self._versions: dict[tuple[str, str, str], bool] = {}

    def places(self) -> list[str]:
        """Every version, item, log line, execution and stand-in that has one of the names."""
        there = [place for place, text in self._changing() if self._has(text)]
        for bucket in (self._system.data_bucket, self._system.identities_bucket):
            there += self._objects(bucket)
        return there

    def _has(self, text: str) -> bool:
        return any(name in text for name in self._names)

    def _changing(self) -> Iterator[tuple[str, str]]:
        """Yield a place and its text."""
        yield from _items(self._aws)
        for group, line in self._system.logs():
            yield f"log {group}", line
        states = self._aws.client("stepfunctions")
        for machine in states.list_state_machines()["stateMachines"]:
            arn = machine["stateMachineArn"]
            for one in states.list_executions(stateMachineArn=arn, maxResults=1000)["executions"]:
                name = one["executionArn"]
                yield f"execution {name}", json.dumps(self._system.history(name), default=str)
        for name, state in self._aws.states().items():
            if isinstance(state, Remembering):
                yield f"stand-in {name}", json.dumps(memory_of(state))

    def _objects(self, bucket: str) -> Iterator[str]:
        s3 = self._aws.client("s3")
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for marker in page.get("DeleteMarkers", []):
                if self._has(marker["Key"]):
                    yield f"marker {bucket}/{marker['Key']}"
            for one in page.get("Versions", []):
                version = (bucket, one["Key"], one["VersionId"])
                if version not in self._versions:
                    which: dict[str, Any] = {"Bucket": bucket, "Key": one["Key"]}
                    body = s3.get_object(**which, VersionId=one["VersionId"])["Body"].read()
                    self._versions[version] = self._has(f"{one['Key']} {readable(body)}")
                if self._versions[version]:
                    yield f"object {bucket}/{one['Key']}"


def _items(aws: EmbeddedAws) -> Iterator[tuple[str, str]]:
    dynamodb = aws.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                yield f"item of {table}", json.dumps(item, default=str)
