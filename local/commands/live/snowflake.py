"""What a smoke test of Snowflake needs besides: a signing key in the user's own AWS account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from adapters.aws.signing import KmsSigner
from adapters.destinations.snowflake.connecting import over_https
from tessera.destinations.port import Transport
from tessera.destinations.requests import Response
from tessera.destinations.vendors.snowflake import account, api

_KEY = "key"
FIELDS, OPTIONAL = (*account.FIELDS, _KEY), account.OPTIONAL

__all__ = ["FIELDS", "OPTIONAL", "address", "api", "transport"]


def address(secret: Mapping[str, str]) -> str:
    """Return where the account's SQL API is."""
    return account.SnowflakeAccount.parse(secret).base_url


def transport(
    secret: Mapping[str, str],
    *,
    endpoint: str,
    secret_name: str,
    listen: Callable[[Response], None],
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> Transport:
    """Return the way to the account. The secret's ``key`` is a KMS key, which AWS signs with."""
    return over_https(
        read=lambda: secret,
        forget=lambda: None,
        secret_name=secret_name,
        signer=KmsSigner(secret[_KEY]),
        as_of=lambda: dt.datetime.now(dt.UTC).date(),
        endpoint=endpoint,
        listen=listen,
        clock=clock,
        pause=pause,
    )
