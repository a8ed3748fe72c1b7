"""How to reach a warehouse, and how awswrangler brings rows into a table there.

awswrangler and the drivers come from a layer that only a stage with a warehouse has, so they are
imported where they are used.
"""

from __future__ import annotations

import functools
import logging
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adapters.aws.errors import translated
from tessera.destinations.warehouse.tables import Kind
from tessera.errors import InvalidInput

FIELDS = ("host", "port", "dbname", "username", "password")
CA, SCHEMA, ROLE = "ca", "schema", "iam_role"  # further fields of a secret
DEFAULT_SCHEMA = "tessera"
TIMEOUT_SECONDS = 60

_NO_FOLDER = "there is no folder for the batch: deploy the data stack again"
_ROWS_PER_INSERT = 1_000
_PARQUET: Mapping[Kind, str] = {
    "text": "string",
    "integer": "bigint",
    "money": "decimal(18,2)",
    "bound": "decimal(38,10)",
    "date": "date",
}


class Driver(Protocol):
    """How to reach a warehouse, and how rows come into a table there."""

    def connect(self, *, timeout_seconds: int = TIMEOUT_SECONDS) -> Any:
        """Return a new connection (PEP 249), encrypted, to a server whose name is proven.

        It waits so many seconds for an answer.
        """

    def stage(
        self,
        connection: Any,
        rows: Sequence[Sequence[Any]],
        *,
        schema: str,
        table: str,
        kinds: Mapping[str, Kind],
    ) -> None:
        """Append rows to a table inside the connection's transaction."""  # fmt: skip


class PostgresDriver:
    """pg8000 and INSERTs. ``secret`` has FIELDS, and as CA the certificates to trust as PEM."""

    def __init__(self, secret: Mapping[str, str]) -> None:
        self._secret = secret

    def connect(self, *, timeout_seconds: int = TIMEOUT_SECONDS) -> Any:
        """Return a new connection."""
        import pg8000  # noqa: PLC0415

        secret = self._secret
        try:
            context = ssl.create_default_context(cadata=secret.get(CA) or None)
        except (ssl.SSLError, ValueError):
            raise InvalidInput(
                f"the field '{CA}' of the database's secret has no certificate: expected PEM, "
                "beginning with -----BEGIN CERTIFICATE-----"
            ) from None
        return pg8000.connect(
            secret["username"],
            **_target(secret, timeout_seconds=timeout_seconds),
            ssl_context=context,
        )

    def stage(
        self, connection: Any, rows: Sequence[Sequence[Any]], *, schema: str, table: str,
        kinds: Mapping[str, Kind],
    ) -> None:  # fmt: skip
        """Append rows."""
        _awswrangler().postgresql.to_sql(
            _frame(rows, kinds),
            connection,
            table=table,
            schema=schema,
            use_column_names=True,
            chunksize=_ROWS_PER_INSERT,
            commit_transaction=False,
        )


class RedshiftDriver:
    """redshift_connector, which trusts Redshift's own certificates, and COPY from a folder.

    Parameters
    ----------
    secret
        Has FIELDS, and as ROLE the cluster's role that may read the folder.
    folder
        Where to put a batch for COPY, as an S3 URL. It is removed afterwards.
    """

    def __init__(self, secret: Mapping[str, str], *, folder: str) -> None:
        self._secret = secret
        self._folder = folder

    def connect(self, *, timeout_seconds: int = TIMEOUT_SECONDS) -> Any:
        """Return a new connection."""
        import redshift_connector  # noqa: PLC0415

        secret = self._secret
        return redshift_connector.connect(
            user=secret["username"],
            **_target(secret, timeout_seconds=timeout_seconds),
            ssl=True,
            sslmode="verify-full",
        )

    def stage(
        self, connection: Any, rows: Sequence[Sequence[Any]], *, schema: str, table: str,
        kinds: Mapping[str, Kind],
    ) -> None:  # fmt: skip
        """Append rows."""
        with translated("S3", what="a batch for COPY", missing=_NO_FOLDER, personal=True):
            _awswrangler().redshift.copy(
                _frame(rows, kinds),
                path=f"{self._folder}{table}/",
                con=connection,
                table=table,
                schema=schema,
                iam_role=self._secret[ROLE],
                dtype={name: _PARQUET[kind] for name, kind in kinds.items()},
                use_column_names=True,
                commit_transaction=False,
            )


def _frame(rows: Sequence[Sequence[Any]], kinds: Mapping[str, Kind]) -> Any:
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame(rows, columns=list(kinds), dtype=object)


@functools.cache
def _awswrangler() -> Any:
    import awswrangler  # noqa: PLC0415

    from adapters.tables.without_pandas import let_pandas_in  # noqa: PLC0415

    let_pandas_in()
    # It logs every error of the database, with whatever the database quotes.
    logging.getLogger("awswrangler").setLevel(logging.CRITICAL + 1)
    return awswrangler


def _target(secret: Mapping[str, str], *, timeout_seconds: int) -> dict[str, Any]:
    """Return the connection parameters that both drivers share."""
    return {
        "password": secret["password"],
        "host": secret["host"],
        "port": int(secret["port"]),
        "database": secret["dbname"],
        "timeout": timeout_seconds,
        "application_name": "tessera",
    }
