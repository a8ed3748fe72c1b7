"""Credentials that end at one tenant: a role, assumed with the tenant's name as a session tag.

The policies of the role name its tenant by ``${aws:PrincipalTag/tenant}``. So a fault in the code
that reads for one tenant is denied by IAM, wherever it would lead.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Any

from adapters.aws import clients
from adapters.aws.errors import translated

TAG = "tenant"
_SECONDS = 3600  # the most that AWS gives to a role that another role assumes
_AT_LEAST = dt.timedelta(minutes=5)  # longer than any request takes
_MISSING = "the role for a tenant's data does not exist: deploy the stage again"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TenantCredentials:
    """Temporary credentials for the data of one tenant. The repr shows none of them.

    Parameters
    ----------
    access_key_id, secret_access_key, session_token
        As STS gave them.
    ends_at
        From when on they no longer work, and no address that they signed.
    """

    access_key_id: str = dataclasses.field(repr=False)
    secret_access_key: str = dataclasses.field(repr=False)
    session_token: str = dataclasses.field(repr=False)
    ends_at: dt.datetime

    @property
    def arguments(self) -> Mapping[str, str]:
        """What a client of boto3 takes."""
        return {
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
            "aws_session_token": self.session_token,
        }


class TenantSessions:
    """The credentials of each tenant that was asked for, until shortly before they end.

    Parameters
    ----------
    role_arn
        The role. Its trust demands the tag.
    clock
        Returns the present instant, UTC.
    sts
        A client. By default for the environment's credentials and region.
    caller
        What asks, before the tenant in the session's name.

    Raises
    ------
    InvalidInput
        There is no such role.
    Refused
        STS denied the call.
    Retryable
        STS was busy or could not be reached.
    """

    def __init__(
        self,
        role_arn: str,
        *,
        clock: Callable[[], dt.datetime],
        sts: Any = None,  # noqa: ANN401 (its types are not installed)
        caller: str = "api",
    ) -> None:
        self._role_arn, self._clock, self._given = role_arn, clock, sts
        self._caller = caller
        self._kept: dict[str, TenantCredentials] = {}

    @functools.cached_property
    def _sts(self) -> Any:  # noqa: ANN401 (as above)
        """The client, made when it is first needed."""
        return self._given or clients.sts()

    def credentials(self, tenant: str, *, at_least: dt.timedelta = _AT_LEAST) -> TenantCredentials:
        """Return a tenant's credentials, which work for at least so long."""
        now = self._clock()
        kept = self._kept.get(tenant)
        if kept is None or kept.ends_at - now < at_least:
            self._kept = {name: one for name, one in self._kept.items() if one.ends_at > now}
            kept = self._kept[tenant] = self._assumed(tenant)
        return kept

    def _assumed(self, tenant: str) -> TenantCredentials:
        with translated("STS", what="the role for a tenant's data", missing=_MISSING):
            answer = self._sts.assume_role(
                RoleArn=self._role_arn,
                RoleSessionName=f"{self._caller}-{tenant}",  # CloudTrail shows it with each call
                DurationSeconds=_SECONDS,
                Tags=[{"Key": TAG, "Value": tenant}],
            )["Credentials"]
        return TenantCredentials(
            access_key_id=answer["AccessKeyId"],
            secret_access_key=answer["SecretAccessKey"],
            session_token=answer["SessionToken"],
            ends_at=answer["Expiration"],
        )
