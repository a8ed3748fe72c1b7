"""A stage in an AWS account: its clients, and the outputs of its stacks."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.console.settings import SiteSettings
from infra.kit.stage import stack_name
from infra.settings import StageSettings
from local.app.inputs.settings_file import stage_settings
from local.app.system import System
from local.aws.server import Deployed
from local.loopback.held import Seen
from tessera.errors import InvalidInput, Refused

Outputs = dict[str, dict[str, str]]

CONSOLE, DATA, STREAMS, LABELS = "Console", "Data", "Streams", "Labels"
_CAPABILITIES = (DATA, "Pipeline")  # of every stage
_POLL_S = 3.0
_STARTS_WITHIN_S = 120.0


class AccountAws:
    """AWS itself, with the credentials of this shell.

    Parameters
    ----------
    region
        The stage's region.
    """

    endpoint = ""

    def __init__(self, region: str) -> None:
        self.region = region

    @functools.cache  # noqa: B019 (it lives as long as its process)
    def client(self, service: str) -> Any:
        """Return a boto3 client of a service, always the same one."""
        config = Config(retries={"mode": "standard", "total_max_attempts": 8})
        return boto3.client(service, region_name=self.region, config=config)

    def stand_ins(self) -> list[str]:
        """Return no names: an account has the destinations themselves."""
        return []

    def look_into(self, destination: str, **_limits: int | str) -> Seen:
        """Refuse: only stand-ins show what they hold."""
        raise InvalidInput(
            f"{destination!r} in an account cannot be shown here: use its own console"
        )


def capabilities_of(stage: StageSettings) -> tuple[str, ...]:
    """Return the capabilities of which a stage has a stack."""
    return (*_CAPABILITIES, CONSOLE) if stage.console.enabled else _CAPABILITIES


@contextlib.contextmanager
def reaching(
    stage: StageSettings, *, capabilities: Sequence[str] = _CAPABILITIES
) -> Iterator[tuple[AccountAws, Outputs]]:
    """Give AWS in a stage's region, and the outputs of the stage's stacks by their names.

    Parameters
    ----------
    stage
        The stage.
    capabilities
        Those whose stacks are needed. By default the two that every stage has.

    Raises
    ------
    InvalidInput
        The stage is not deployed there, or the shell has no credentials.
    Refused
        AWS refused a call. The message names the operation.
    """
    aws = AccountAws(stage.region)
    try:
        yield aws, _outputs(aws, stage, capabilities)
    except BotoCoreError as error:
        raise InvalidInput(
            f"AWS cannot be reached from this shell: {str(error).rstrip('.')}. Run "
            "`aws sts get-caller-identity` until it answers, then try again"
        ) from error
    except ClientError as error:
        raise Refused(f"AWS refused {error.operation_name}: {error}") from error


@contextlib.contextmanager
def reaching_console(stage: str) -> Iterator[tuple[AccountAws, dict[str, str], SiteSettings]]:
    """Give AWS in a stage's region, the outputs of its console's stack, and the console's settings.

    Raises what ``reaching`` does, and InvalidInput for a stage without a console.
    """
    settings = stage_settings(stage=stage)
    if not settings.console.enabled:
        raise InvalidInput(
            f"stage {stage!r} has no console: set 'console.enabled' in cdk.json and deploy it. "
            "The console on this machine (`make console`) needs no stage"
        )
    with reaching(settings, capabilities=[CONSOLE]) as (aws, outputs):
        [console] = outputs.values()
        yield aws, console, settings.console


@contextlib.contextmanager
def connected(stage: StageSettings) -> Iterator[System]:
    """Give the app that is deployed in a stage's region. Raises what ``reaching`` does."""
    with reaching(stage) as (aws, outputs):
        yield System(
            aws,
            Deployed(outputs),
            region=stage.region,
            poll_s=_POLL_S,
            starts_within_s=_STARTS_WITHIN_S,
        )


def _outputs(aws: AccountAws, stage: StageSettings, capabilities: Sequence[str]) -> Outputs:
    return {
        name: _outputs_of(aws, name, stage=stage)
        for name in (stack_name(stage.stage, capability) for capability in capabilities)
    }


def _outputs_of(aws: AccountAws, name: str, *, stage: StageSettings) -> dict[str, str]:
    """Ask for one stack by its name: the canary's role may see no other."""
    try:
        [stack] = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # of a name that is not there
            raise
        raise InvalidInput(
            f"region {stage.region} has no stack {name}: deploy it with "
            f"`make deploy STAGE={stage.stage}`, or check the account and region of this shell"
        ) from error
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
