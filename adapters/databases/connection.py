"""A connection to a PostgreSQL that only reads, and what the server's errors mean to us."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tessera.errors import InvalidInput, Refused, Retryable
from tessera.sources.databases.address import Address
from tessera.sources.databases.text_forms import SESSION

_TIMEOUT_SECONDS = 600  # for an answer: the server may have to sort a large table
_SOCKET = ".s.PGSQL."
# What PostgreSQL's codes come to, by their beginning: the longest one that matches counts.
_WRONG_PASSWORD = ("28",)
_NO_RIGHT = ("42501",)
_MISSING = ("3D000", "42P01", "42703", "3F000", "42704")
_BUSY = ("53", "57", "40", "08", "55006")


def connect(address: Address, *, password: str) -> Any:
    """Return a connection whose texts have one form.

    Raises
    ------
    InvalidInput, Refused, Retryable
        The server can't be reached, or does not let the user in.
    """
    import pg8000  # noqa: PLC0415

    place: dict[str, Any] = {"host": address.host}
    if address.host.startswith("/"):
        place = {"unix_sock": f"{address.host}/{_SOCKET}{address.port}"}
    with translated(f"the database {address}"):
        connection = pg8000.connect(
            address.user,
            **place,
            port=address.port,
            database=address.database,
            password=password or None,
            ssl_context=_tls(address),
            timeout=_TIMEOUT_SECONDS,
            application_name="tessera",
            startup_params=dict(SESSION),
        )
        connection.autocommit = True
        return connection


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise our errors in place of the driver's. ``what`` is being read."""
    from pg8000.exceptions import DatabaseError, InterfaceError  # noqa: PLC0415

    try:
        yield
    except DatabaseError as error:
        raise _error(error, what) from error
    except (InterfaceError, OSError) as error:  # a broken line, or a certificate without proof
        if isinstance(error, ssl.SSLError):
            raise InvalidInput(
                f"TLS with {what} failed ({error.reason or error}): check sslmode and sslrootcert "
                "in the database's URL"
            ) from error
        raise Retryable(
            f"{what}: the server can't be reached, or the connection was lost ({error}). Nothing "
            "of what was being read is kept. Check the host and port, and run again"
        ) from error


def _error(error: Exception, what: str) -> Exception:
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    code, message = str(fields.get("C", "")), str(fields.get("M", error))[:500]
    answer = f"{what}: PostgreSQL answered {message!r} ({code})"
    if code.startswith(_WRONG_PASSWORD):
        return Refused(f"{answer}. Check the user and the password: PGPASSWORD, or .pgpass")
    if code.startswith(_NO_RIGHT):
        return Refused(f"{answer}. Give the user the right to read it: docs/sources.md has the SQL")
    if code.startswith(_MISSING):
        return InvalidInput(f"{answer}. Check the names in the URL and the mapping")
    if code.startswith(_BUSY):
        return Retryable(f"{answer}. Run again later")
    return InvalidInput(answer)


def _tls(address: Address) -> Any:
    """Return what the driver calls it: False for none, None where the server may choose."""
    mode = address.ssl_mode
    if mode == "disable" or address.host.startswith("/"):
        return False
    if mode in ("allow", "prefer"):
        return None
    trust = address.ssl_root if address.ssl_root not in ("", "system") else None
    if trust is not None and not Path(trust).is_file():
        raise InvalidInput(f"sslrootcert names {trust}, which is no file")
    try:
        context = ssl.create_default_context(cafile=trust)
    except ssl.SSLError as error:
        raise InvalidInput(
            f"sslrootcert {trust} has no certificate: expected PEM, beginning with -----BEGIN "
            "CERTIFICATE-----"
        ) from error
    context.check_hostname = mode == "verify-full"
    if mode == "require" and trust is None:
        context.verify_mode = ssl.CERT_NONE
    return context
