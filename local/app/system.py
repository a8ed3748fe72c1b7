"""The deployed app on a laptop: give it settings and uploads, follow its runs, find their results.

It is used through the public APIs only, as one would use the app in an AWS account.
"""

from __future__ import annotations

import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from local.app.approval import Approvals
from local.app.inputs.files import parts
from local.aws.server import Deployed
from local.loopback.held import Seen
from local.loopback.place import REGION
from tessera import naming
from tessera.errors import InvalidInput

_POLL_S = 0.2
_LAST = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}
_NEWS = 5  # events asked for at once while a run is watched
_STARTS_WITHIN_S = 30.0
_AS_OF = "as-of"  # S3 metadata that says which day a run describes


# A laptop has no Spark, and where the tests brought one, DuckDB is the engine of one machine.
GLUE_ARGUMENTS = {"--engine": "duckdb"}


def imports(command: Sequence[str]) -> list[str]:
    """Return which modules of the app a job's command will import, as a fork has them already."""
    program, *words = command
    if program.endswith(".zip"):
        return [f"sagemaker_jobs.{words[0]}.__main__"] if words else []
    named = [after for word, after in itertools.pairwise(words) if word == "--module"]
    return [f"glue_jobs.{name}" for name in named]


class Aws(Protocol):
    """An embedded AWS, of this process or another."""

    @property
    def endpoint(self) -> str:
        """The URL of its services."""

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service."""

    def stand_ins(self) -> list[str]:
        """Return which destinations have a stand-in there, by the catalog's names."""

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """Return what a stand-in holds, with the first customers or the one that is asked for."""


class PutFile(Protocol):
    """Puts a file as an object."""

    def __call__(self, path: Path, *, bucket: str, key: str, metadata: Mapping[str, str]) -> None:
        """Put it."""


class System:
    """The deployed app, in an embedded AWS or in an account.

    Parameters
    ----------
    aws
        Makes clients.
    deployed
        The stacks' outputs.
    region
        Where the app is.
    poll_s
        How long to wait between two looks at an execution.
    pause
        Waits so long, or until there may be something to see.
    put_file
        Puts a file where that need not go through a connection. None: it has to.
    starts_within_s
        How long an upload may take to start an execution.
    """

    def __init__(
        self,
        aws: Aws,
        deployed: Deployed,
        *,
        region: str = REGION,
        poll_s: float = _POLL_S,
        pause: Callable[[float], object] = time.sleep,
        put_file: PutFile | None = None,
        starts_within_s: float = _STARTS_WITHIN_S,
    ) -> None:
        self._aws = aws
        self.client = aws.client
        self._deployed = deployed
        self._put_file = put_file
        self._pause = functools.partial(pause, poll_s)
        self._starts_within_s = starts_within_s
        self.endpoint = aws.endpoint
        self.region = region
        self.data_bucket = deployed.output("DataBucket")
        self.identities_bucket = deployed.output("IdentitiesBucket")
        self.machine = deployed.output("StateMachineArn")
        self.topic = deployed.output("TopicArn")
        self.runs_table = deployed.output("RunsTable")

    @property
    def tenants_table(self) -> str:
        """The table of tenants."""
        return self._deployed.output("TenantsTable")

    @property
    def campaigns_table(self) -> str:
        """The table of campaigns, in a stage that has them."""
        return self._deployed.output("CampaignsTable")

    @property
    def event_stream(self) -> str:
        """The stream that takes events, in a stage that has one."""
        return self._deployed.output("EventStream")

    @property
    def labels_table(self) -> str:
        """The table of live labels, in a stage that has them."""
        return self._deployed.output("LabelsTable")

    # ---- in ------------------------------------------------------------------------------------

    def put_settings(self, tenant: str, text: bytes) -> None:
        """Make a tenant's settings."""
        key = naming.settings_key(tenant)
        self._aws.client("s3").put_object(Bucket=self.data_bucket, Key=key, Body=text)

    def upload(self, source: Path, *, tenant: str, as_of: str | None = None) -> str:
        """Upload a file, or a folder's files and then its end. Return the key that starts a run."""
        prefix = naming.UPLOADS
        if source.is_file():
            folder = "" if tenant == naming.DEFAULT_TENANT else f"{tenant}/"
            key = f"{prefix}{folder}{source.name}"
            self._put(key, source, as_of)
            return key
        base = f"{prefix}{tenant}/{source.resolve().name}/"
        for part in parts(source):
            self._put(base + part.name, part, as_of)
        last = base + naming.FOLDER_COMPLETE
        extra = {_AS_OF: as_of} if as_of else {}
        self._aws.client("s3").put_object(
            Bucket=self.data_bucket, Key=last, Body=b"", Metadata=extra
        )
        return last

    def upload_attributes(self, source: Path, *, tenant: str, as_of: str | None = None) -> str:
        """Upload a file of customer attributes. Return the key, which starts a run too."""
        folder = "" if tenant == naming.DEFAULT_TENANT else f"{tenant}/"
        key = f"{naming.UPLOADS}{folder}{naming.ATTRIBUTES_FOLDER}/{source.name}"
        self._put(key, source, as_of)
        return key

    def _put(self, key: str, path: Path, as_of: str | None) -> None:
        metadata = {_AS_OF: as_of} if as_of else {}
        if self._put_file is not None:
            self._put_file(path, bucket=self.data_bucket, key=key, metadata=metadata)
            return
        self._aws.client("s3").upload_file(
            str(path), self.data_bucket, key, ExtraArgs={"Metadata": metadata}
        )

    # ---- runs ----------------------------------------------------------------------------------

    def executions(self) -> list[str]:
        """Return the ARNs of the last thousand executions, the first one first."""
        listed = self._aws.client("stepfunctions").list_executions(
            stateMachineArn=self.machine, maxResults=1000
        )["executions"]
        return [item["executionArn"] for item in sorted(listed, key=lambda e: e["startDate"])]

    def execution_of(self, key: str, *, after: frozenset[str] = frozenset()) -> str:
        """Return the execution that an upload starts, none of those before it."""
        until = time.monotonic() + self._starts_within_s
        while time.monotonic() < until:
            for execution in self.executions():
                if execution not in after and self.describe(execution)["input"].get("key") == key:
                    return execution
            self._pause()
        raise RuntimeError(f"the upload {key} started no run within {self._starts_within_s:.0f} s")

    def describe(self, execution: str) -> dict[str, Any]:
        """Return an execution's description, its input parsed."""
        described = self._aws.client("stepfunctions").describe_execution(executionArn=execution)
        return {**described, "input": json.loads(described.get("input") or "{}")}

    def history(self, execution: str) -> list[dict[str, Any]]:
        """Return an execution's events so far."""
        return [event for page in self._pages(execution) for event in page["events"]]

    def follow(self, execution: str) -> Iterator[dict[str, Any]]:
        """Yield an execution's events as they happen, until it has ended."""
        seen, ended = 0, False
        while True:
            events = self._events_after(execution, seen)
            for event in events:
                yield event
                seen = event["id"]
            if ended or (events and events[-1]["type"] in _LAST):
                self.wait(execution)
                return
            ended = not events and self.describe(execution)["status"] != "RUNNING"
            if not ended:
                self._pause()

    def _events_after(self, execution: str, seen: int) -> list[dict[str, Any]]:
        """Return the events since one, asking for the last ones first: a history can be long."""
        events: list[dict[str, Any]] = []
        for page in self._pages(execution, reverseOrder=True, maxResults=_NEWS):
            fresh = [event for event in page["events"] if event["id"] > seen]
            events += fresh
            if len(fresh) < len(page["events"]):
                break
        return events[::-1]

    def _pages(self, execution: str, **how: Any) -> Iterator[dict[str, Any]]:
        client = self._aws.client("stepfunctions")
        pages = client.get_paginator("get_execution_history")
        yield from pages.paginate(executionArn=execution, **how)

    def run_of(self, execution: str) -> tuple[str, str] | None:
        """Return the tenant and run id that CheckUpload gave, None before it has."""
        for event in self.history(execution):
            details = event.get("stateExitedEventDetails", {})
            if details.get("name") == "CheckUpload":
                reply = json.loads(details.get("output") or "{}")
                return (reply["tenant"], reply["run_id"]) if reply.get("run_id") else None
        return None

    def wait(self, execution: str) -> dict[str, Any]:
        """Wait until an execution has ended. Return its description."""
        while (described := self.describe(execution))["status"] == "RUNNING":
            self._pause()
        return described

    def plan(self, tenant: str, run_id: str) -> dict[str, Any]:
        """Return the app's plan: what a run would send to its destinations."""
        return self.call("PlanLoadsFunction", {"tenant": tenant, "run_id": run_id})

    def call(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a function replies, by the name of the stacks' output that has it.

        Raises
        ------
        InvalidInput
            The function raised an error: the message is the error's.
        """
        answer = self._aws.client("lambda").invoke(
            FunctionName=self._deployed.output(function), Payload=json.dumps(event).encode()
        )
        reply: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise InvalidInput(str(reply.get("errorMessage", reply)))
        return reply

    @property
    def approvals(self) -> Approvals:
        """The runs that wait for an approval."""
        return Approvals(
            self._aws.client,
            table=self.runs_table,
            function=self._deployed.output("DecideRunFunction"),
        )

    # ---- out -----------------------------------------------------------------------------------

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Return the keys below a prefix, sorted."""
        pages = (
            self._aws.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=bucket, Prefix=prefix)
        )
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))

    def read(self, bucket: str, key: str) -> bytes:
        """Return an object's bytes."""
        return bytes(self._aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())

    def read_json(self, bucket: str, key: str) -> Any:
        """Return an object's JSON value."""
        return json.loads(self.read(bucket, key))

    @property
    def stand_ins(self) -> list[str]:
        """The destinations that have a stand-in, by the catalog's names."""
        return self._aws.stand_ins()

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """Return what a stand-in holds, with the first customers or the one that is asked for."""
        return self._aws.look_into(destination, most=most, customer=customer)

    def announce(self, name: str, url: str) -> None:
        """Publish the address of a server beside AWS to other processes of this machine."""
        self._aws.client("ssm").put_parameter(Name=name, Value=url, Type="String", Overwrite=True)

    def logs(self) -> Iterator[tuple[str, str]]:
        """Yield every line that functions and jobs printed, each after its log group's name."""
        client = self._aws.client("logs")
        for group in client.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            for stream in client.describe_log_streams(logGroupName=name)["logStreams"]:
                events = client.get_log_events(
                    logGroupName=name, logStreamName=stream["logStreamName"], startFromHead=True
                )["events"]
                for event in events:
                    yield name, event["message"]

    def error_of(self, execution: str, *, tenant: str = "") -> dict[str, Any] | None:
        """Return the error.json of a failed execution, None when FailRun itself failed.

        Name the tenant where there are many: otherwise all of their files are listed.
        """
        prefix = naming.runs_prefix(tenant) if tenant else "tenants/"
        wanted = [k for k in self.keys(self.data_bucket, prefix) if k.endswith(naming.ERROR)]
        for key in wanted:
            record: dict[str, Any] = self.read_json(self.data_bucket, key)
            if record.get("execution_arn") == execution:
                return record
        return None
