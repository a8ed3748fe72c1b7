"""Addresses for uploads of one tenant, signed with credentials that end at the tenant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from adapters.aws import clients
from adapters.aws.presigned_uploads import PresignedUploads, signing
from adapters.aws.tenant_sessions import TenantCredentials, TenantSessions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_LEAST = dt.timedelta(minutes=55)  # that an address works: large files take long


class TenantUploads(PresignedUploads):
    """Signs uploads of one tenant. An address ends with the credentials that signed it.

    Parameters
    ----------
    bucket
        The bucket's name.
    sessions, tenant
        Whose credentials. New ones are asked for where they work for less than 55 minutes more.
    clock
        Returns the present instant, UTC.
    """

    def __init__(
        self,
        bucket: str,
        *,
        sessions: TenantSessions,
        tenant: str,
        clock: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(bucket)
        self._sessions, self._tenant, self._clock = sessions, tenant, clock
        self._made: tuple[TenantCredentials, S3Client] | None = None

    @property
    def _s3(self) -> S3Client:
        """The client of the present credentials."""
        credentials = self._credentials()
        if self._made is None or self._made[0] is not credentials:
            client = clients.s3(config=signing(), credentials=credentials.arguments)
            self._made = (credentials, client)
        return self._made[1]

    def lifetime(self, seconds: int) -> int:
        """Return for how many seconds an address that is signed now works, at most so many."""
        left = self._credentials().ends_at - self._clock()
        return min(seconds, int(left.total_seconds()))

    def _credentials(self) -> TenantCredentials:
        return self._sessions.credentials(self._tenant, at_least=_AT_LEAST)
