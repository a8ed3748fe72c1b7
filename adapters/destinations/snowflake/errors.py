"""What Snowflake's errors mean, without anybody's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.destinations.warehouse.errors import Wrong
from tessera.destinations.requests import Response
from tessera.destinations.vendors.snowflake import api
from tessera.destinations.vendors.snowflake.account import SnowflakeAccount
from tessera.errors import InvalidInput, Refused, Retryable

_SIGN_IN = "390"  # how the codes of authentication begin
_INVALID_TOKEN = "390144"  # noqa: S105 (a code)
_NO_ROLE = ("390186", "390189")
_NO_WAREHOUSE = ("000606", "090106")
_QUOTA = ("090073",)
_NOT_GRANTED = ("003001", "42501")
_NOT_THERE = ("000904", "002003", "002043", "42S02")  # a column, a table or schema, any object
# Internal, cancelled, locked, too late.
_BUSY = ("000603", "000604", "000605", "000625", "000630", "57014", "XX000")


def meaning(
    response: Response, *, account: SnowflakeAccount, secret_name: str, personal: bool
) -> Exception:
    """Return the error to raise for a statement that failed.

    Parameters
    ----------
    personal
        Whether the statement had customers bound. Snowflake quotes them, so its words go no
        further than into a ``Wrong``.
    """
    code, state, words = api.error(response)
    if code.startswith(_SIGN_IN):
        return Refused(_not_signed_in(code, words, account, secret_name))
    known: Mapping[Sequence[str], Callable[[], Exception]] = {
        _NO_WAREHOUSE: lambda: _no_warehouse(code, account, secret_name),
        _QUOTA: lambda: _no_quota(code, account),
        _NOT_GRANTED: lambda: _not_granted(code, account, secret_name),
        _NOT_THERE: lambda: missing(account, secret_name),
        _BUSY: lambda: Retryable(
            f"Snowflake stopped a statement ({code}): if this persists, look at the warehouse's "
            "queue, and at what else locks the tables"
        ),
    }
    for codes, error in known.items():
        if code in codes or state in codes:
            return error()
    return Wrong(code, words) if personal else Refused(f"Snowflake refused ({code}): {words}")


def _no_warehouse(code: str, account: SnowflakeAccount, secret_name: str) -> InvalidInput:
    return InvalidInput(
        f"Snowflake has no warehouse {account.warehouse!r} for this user ({code}): correct the "
        f"field 'warehouse' of the secret {secret_name}, in the case that SHOW WAREHOUSES "
        "prints, and GRANT USAGE on it to the role"
    )


def _no_quota(code: str, account: SnowflakeAccount) -> Refused:
    return Refused(
        f"Snowflake does not resume the warehouse {account.warehouse!r} ({code}): raise the "
        "quota of its resource monitor, or wait for its next period"
    )


def _not_granted(code: str, account: SnowflakeAccount, secret_name: str) -> Refused:
    return Refused(
        f"Snowflake denied access ({code}) with the secret {secret_name}: grant the role USAGE "
        f"on the database, and CREATE SCHEMA there or the tables of {account.schema!r}"
    )


def missing(account: SnowflakeAccount, secret_name: str) -> InvalidInput:
    """Return the error for a database, table or column that is not there for this role."""
    return InvalidInput(
        f"Snowflake lacks the database {account.database!r}, or a table or column of schema "
        f"{account.schema!r} there, for this role: correct the secret {secret_name}, whose names "
        "have the case that SHOW prints. If a table was removed, start the run again, which "
        "creates it"
    )


def _not_signed_in(code: str, words: str, account: SnowflakeAccount, secret_name: str) -> str:
    who = f"{account.subject} ({code}) with the secret {secret_name}"
    if code == _INVALID_TOKEN:
        return (
            f"Snowflake rejected the key of {who}: set the user's RSA_PUBLIC_KEY to the public "
            "half of the stage's signing key, and check the fields 'account' and 'user'"
        )
    if code in _NO_ROLE:
        return f"Snowflake denied the role to {who}: grant it to the user, or correct 'role'"
    return f"Snowflake denied access to {who}: see that the user is enabled. It answered: {words}"
