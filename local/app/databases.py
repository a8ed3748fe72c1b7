"""A database that a command names: its password, from where libpq takes it, and a connection."""

from __future__ import annotations

import contextlib
import getpass
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.databases.connection import connect
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.sources.databases.address import Address, password_in

_HERE = ("localhost", "127.0.0.1", "::1")


@contextlib.contextmanager
def connected(
    address: Address, *, environment: Mapping[str, str], terminal: Terminal
) -> Iterator[Any]:
    """Give a connection, and close it."""
    connection = connect(address, password=password_of(address, environment=environment))
    try:
        if address.ssl_mode in ("disable", "allow", "prefer") and not _is_here(address):
            terminal.say(
                "  The server's certificate is not checked: add ?sslmode=verify-full to the URL"
            )
        yield connection
    finally:
        with contextlib.suppress(Exception):  # a connection that was lost is closed already
            connection.close()


def password_of(address: Address, *, environment: Mapping[str, str]) -> str:
    """Return the password: of the URL, of PGPASSWORD, of a ``.pgpass`` file, or asked for.

    Raises
    ------
    InvalidInput
        The file can be read by others.
    """
    given = address.password or environment.get("PGPASSWORD", "")
    if given:
        return given
    path = Path(environment.get("PGPASSFILE") or Path(environment.get("HOME", "~")) / ".pgpass")
    if path.is_file():
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidInput(f"{path} can be read by others: run chmod 600 {path}")
        given = password_in(path.read_text(encoding="utf-8"), address)
    if given or not sys.stdin.isatty():
        return given
    return getpass.getpass(f"Password of {address}: ")


def _is_here(address: Address) -> bool:
    return address.host in _HERE or address.host.startswith("/")
