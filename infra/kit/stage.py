"""The settings of a stage that every capability reads."""

from __future__ import annotations

import dataclasses
import re

from infra.kit.checks import failed
from infra.kit.network import NetworkSettings
from infra.kit.regions import REGIONS, Region

LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827)

_POLICY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]{1,200}")
_STAGE = re.compile(r"[a-z][a-z0-9]{0,9}")


def stack_name(stage: str, capability: str) -> str:
    """Return the name of a stage's stack."""
    return f"Tessera-{stage}-{capability}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """A deployment: its name, its place, and how long it keeps things.

    Parameters
    ----------
    stage
        Its name, part of the stacks' names.
    region, account
        Where it is deployed. An empty account is the one of the credentials in use.
    retain
        Whether buckets, keys and tables survive the removal of their stack, which is then
        protected from removal too.
    log_retention_days
        How long CloudWatch keeps logs.
    permissions_boundary
        The ARN of a policy that bounds every role, for accounts that demand one. Empty for none.
    """

    stage: str
    region: str = "us-east-1"
    account: str = ""
    retain: bool = True
    log_retention_days: int = 30
    permissions_boundary: str = ""
    network: NetworkSettings = dataclasses.field(default_factory=NetworkSettings)

    @property
    def place(self) -> Region:
        """What the region has."""
        return REGIONS[self.region]


def problems(stage: Stage) -> dict[str, str]:
    """Return what was expected of each setting that is wrong."""
    account = not stage.account or re.fullmatch(r"\d{12}", stage.account) is not None
    return failed(
        {
            "stage": (bool(_STAGE.fullmatch(stage.stage)), "1 to 10 of a-z and 0-9"),
            "region": (stage.region in REGIONS, f"one of {', '.join(sorted(REGIONS))}"),
            "account": (account, "12 digits, or empty"),
            "permissions_boundary": (
                not stage.permissions_boundary
                or bool(_POLICY.fullmatch(stage.permissions_boundary)),
                "the ARN of a managed policy, or empty",
            ),
            "log_retention_days": (
                stage.log_retention_days in LOG_RETENTION_DAYS,
                f"one of {LOG_RETENTION_DAYS}",
            ),
        }
    )
