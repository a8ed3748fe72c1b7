"""The transport of a tenant's Snowflake: from its secret and a signing key."""

from __future__ import annotations

import datetime as dt
import functools
import time
from collections.abc import Callable, Mapping

from adapters.aws.objects import Objects
from adapters.aws.secrets import read_fields
from adapters.aws.signing import KmsSigner
from adapters.destinations.snowflake.statements import Statements
from adapters.destinations.snowflake.tokens import KeyPairSigner, Tokens
from adapters.destinations.snowflake.transport import SnowflakeTransport
from adapters.http.client import HttpClient
from adapters.stores.records import read_record
from tessera.contracts.destinations import SNOWFLAKE
from tessera.destinations.requests import ENDPOINT, EXCHANGED, Response
from tessera.destinations.vendors.snowflake import api
from tessera.destinations.vendors.snowflake.account import FIELDS, OPTIONAL, SnowflakeAccount
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import LOAD_RECORD, destination_prefix, destination_secret
from tessera.records.loads.load import LoadRecord


def over_https(
    *,
    read: Callable[[], Mapping[str, str]],
    forget: Callable[[], None],
    secret_name: str,
    signer: KeyPairSigner,
    as_of: Callable[[], dt.date],
    endpoint: str = "",
    listen: Callable[[Response], None] = lambda _answer: None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
    unix_time: Callable[[], float] = time.time,
) -> SnowflakeTransport:
    """Return the transport of a secret's account.

    Parameters
    ----------
    read, forget
        Read the secret's fields, and make the next reading fetch them again.
    secret_name
        For messages.
    signer
        The key pair whose public half the user has.
    as_of
        As for the transport.
    endpoint
        The base URL of a stand-in. Empty for Snowflake's own.
    listen, clock, pause, unix_time
        As for the client.

    Raises
    ------
    InvalidInput
        A field of the secret has the wrong form.
    """
    tokens = Tokens(signer, unix_time=unix_time)

    def account() -> SnowflakeAccount:
        try:
            return SnowflakeAccount.parse(read())
        except InvalidInput as error:
            forget()
            raise InvalidInput(f"secret {secret_name}: {error}") from None

    def forget_both() -> None:
        forget()
        tokens.forget()

    account()
    client = HttpClient(
        api,
        base_url=endpoint,
        read_secret=lambda: {**read(), EXCHANGED: tokens.of(account().subject)},
        forget_secret=forget_both,
        secret_name=secret_name,
        listen=listen,
        clock=clock,
        pause=pause,
        unix_time=unix_time,
    )
    return SnowflakeTransport(Statements(client, account, secret_name), as_of=as_of)


def connect_snowflake(
    options: Mapping[str, str],
    *,
    environment: ActivateEnvironment,
    tenant: str,
    run_id: str,
    endpoint: str = "",
) -> SnowflakeTransport:
    """Return the transport of a tenant's Snowflake, by its secret and the stage's signing key.

    Raises
    ------
    InvalidInput
        There is no such secret, or a field of it is missing or wrong.
    """
    name = destination_secret(environment.stage, SNOWFLAKE, tenant=tenant)
    key = destination_prefix(tenant, run_id, SNOWFLAKE) + LOAD_RECORD
    identities = Objects(environment.identities_bucket)
    reading = functools.partial(read_fields, name, fields=FIELDS, optional=(*OPTIONAL, ENDPOINT))
    read = functools.cache(reading)
    return over_https(
        read=read,
        forget=read.cache_clear,
        secret_name=name,
        signer=KmsSigner(options["key"]),
        as_of=lambda: read_record(LoadRecord, identities, key).as_of,
        endpoint=endpoint,
    )
