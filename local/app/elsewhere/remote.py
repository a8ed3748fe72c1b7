"""The app of a `tessera serve` process, from another process."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.app.elsewhere.inspection import PARAMETER
from local.app.system import System
from local.aws.server import Deployed
from local.loopback.held import Seen
from local.loopback.place import PORT, REGION
from tessera.errors import InvalidInput

ENDPOINT = f"http://127.0.0.1:{PORT}"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_OUTPUTS = {
    "DataBucket": ("finish_run", "DATA_BUCKET"),
    "IdentitiesBucket": ("finish_run", "IDENTITIES_BUCKET"),
    "RunsTable": ("decide_run", "RUNS_TABLE"),
    "TenantsTable": ("check_upload", "TENANTS_TABLE"),
    "TopicArn": ("finish_run", "TOPIC_ARN"),
}


class RemoteAws:
    """An embedded AWS that another process of this machine keeps up.

    Raises
    ------
    InvalidInput
        The endpoint is not on this machine.
    """

    def __init__(self, endpoint: str) -> None:
        if urlsplit(endpoint).hostname not in _LOOPBACK:
            raise InvalidInput(
                f"the endpoint {endpoint!r} is not on this machine: give the one that "
                "`tessera serve` printed"
            )
        self.endpoint = endpoint

    @functools.cache  # noqa: B019 (it lives as long as its process)
    def client(self, service: str) -> Any:
        """Return a boto3 client of a service, always the same one."""
        config = Config(
            retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=300, proxies={}
        )
        return boto3.client(
            service, region_name=REGION, config=config, endpoint_url=self.endpoint,
            aws_access_key_id="local", aws_secret_access_key="local",  # noqa: S106
        )  # fmt: skip

    def stand_ins(self) -> list[str]:
        """Return which destinations have a stand-in there, by the catalog's names."""
        return list(self._inspect(""))

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """Return what a stand-in holds, with the first customers or the one that is asked for."""
        seen: Seen = self._inspect(quote(destination), most=str(most), customer=customer)
        return seen

    def _inspect(self, path: str, **query: str) -> Any:
        try:
            address = self.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"]
        except ClientError as error:
            raise InvalidInput(
                f"{self.endpoint} cannot show what its stand-ins hold: start it again with this "
                "version's `tessera serve`"
            ) from error
        answer = urllib3.request(
            "GET", f"{address}/{path}", fields=query, retries=False, redirect=False, timeout=300
        )
        if answer.status != 200:
            raise InvalidInput(str(answer.json()["message"]))
        return answer.json()


@contextlib.contextmanager
def connected(endpoint: str) -> Iterator[System]:
    """Give the app behind an endpoint.

    Raises
    ------
    InvalidInput
        The endpoint is not on this machine, nobody answers there, or the app isn't there.
    """
    aws = RemoteAws(endpoint)
    try:
        yield System(aws, _deployed(aws))
    except BotoCoreError as error:
        raise InvalidInput(
            f"there is no response from {endpoint}: start `tessera serve`, or give the "
            "endpoint that it printed with --endpoint"
        ) from error


def _deployed(aws: RemoteAws) -> Deployed:
    """Return the app's outputs, derived from its functions' environments."""
    pages = aws.client("lambda").get_paginator("list_functions").paginate()
    functions = {
        function["Handler"].split(".")[1]: function
        for page in pages
        for function in page["Functions"]
        if function["Handler"].startswith("lambdas.")
    }
    listed = aws.client("stepfunctions").list_state_machines()["stateMachines"]
    machines = sorted((each["stateMachineArn"] for each in listed), key=len)
    if "decide_run" not in functions or not machines:
        raise InvalidInput(f"there is no Tessera at {aws.endpoint}: start it with `tessera serve`")
    variables = {
        name: functions[folder]["Environment"]["Variables"][variable]
        for name, (folder, variable) in _OUTPUTS.items()
    }
    made = {
        "DecideRunFunction": functions["decide_run"]["FunctionName"],
        "PlanLoadsFunction": functions["plan_loads"]["FunctionName"],
        "StateMachineArn": machines[0],  # the others are named after it
    }
    return Deployed({"remote": {**variables, **made}})
