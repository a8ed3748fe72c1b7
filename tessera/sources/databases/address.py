"""Where a database is, as the URL that libpq reads: ``postgresql://user@host:5432/shop``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from tessera.errors import InvalidInput

SCHEMES = ("postgresql", "postgres")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PORT = 5432
_FORM = "postgresql://USER@HOST:5432/DATABASE"
_PARAMETERS = ("sslmode", "sslrootcert", "host")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Address:
    """A database, and who reads it.

    Parameters
    ----------
    host
        A name, an address, or the folder of a Unix socket.
    ssl_mode
        How far TLS is insisted on, as libpq's ``sslmode``.
    ssl_root
        A file of certificates to trust, as libpq's ``sslrootcert``. Empty for the machine's own.
    password
        The one that the URL has. Empty where it has none.
    """

    host: str
    port: int
    database: str
    user: str
    ssl_mode: str = "prefer"
    ssl_root: str = ""
    password: str = dataclasses.field(default="", repr=False)

    @property
    def name(self) -> str:
        """The database without its user: the same for everybody who reads it."""
        return f"{self.host}:{self.port}/{self.database}"

    def __str__(self) -> str:
        """Return the address for people, without the password."""
        return f"postgresql://{self.user}@{self.name}"


def is_address(text: str) -> bool:
    """Return whether a text is meant as such an address."""
    return text.partition("://")[0] in SCHEMES and "://" in text


def parse_address(text: str) -> Address:
    """Return where a database is.

    Raises
    ------
    InvalidInput
        The URL lacks a part, or has one that is not read. The message has no password.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise InvalidInput(f"the database's URL can't be read: expected {_FORM}") from None
    if url.scheme not in SCHEMES:
        raise InvalidInput(
            f"only PostgreSQL can be read directly: expected {_FORM}. AWS DMS reads MySQL, SQL "
            "Server and Oracle (docs/sources.md)"
        )
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    _check_options(options)
    parts = {
        "user name": unquote(url.username or ""),
        "host": options.get("host") or unquote(url.hostname or ""),
        "database": unquote(url.path.removeprefix("/")),
    }
    for part, value in parts.items():
        if not value or "\0" in value:
            raise InvalidInput(f"the database's URL has no {part}: expected {_FORM}")
    return Address(
        user=parts["user name"],
        host=parts["host"],
        database=parts["database"],
        port=port or _PORT,
        ssl_mode=options.get("sslmode", "prefer"),
        ssl_root=options.get("sslrootcert", ""),
        password=unquote(url.password or ""),
    )


def password_in(lines: str, address: Address) -> str:
    """Return the password that a ``.pgpass`` file has for an address, or an empty text.

    A line is ``host:port:database:user:password``. An asterisk is anything, a backslash takes the
    meaning from the next character, and the first line that matches counts.
    """
    wanted = (address.host, str(address.port), address.database, address.user)
    for line in lines.splitlines():
        if line.startswith("#"):
            continue
        fields = _fields(line)
        if len(fields) == len(wanted) + 1 and all(
            field in ("*", value) for field, value in zip(fields, wanted, strict=False)
        ):
            return fields[-1]
    return ""


def _check_options(options: Mapping[str, str]) -> None:
    for name in options:
        if name not in _PARAMETERS:
            raise InvalidInput(
                f"the database's URL has the parameter {name!r}: expected one of "
                f"{', '.join(_PARAMETERS)}"
            )
    mode = options.get("sslmode", "prefer")
    if mode not in SSL_MODES:
        raise InvalidInput(f"sslmode is {mode!r}: expected one of {', '.join(SSL_MODES)}")


def _fields(line: str) -> list[str]:
    fields, escaped = [""], False
    for letter in line:
        if escaped or (letter != "\\" and (letter != ":" or len(fields) > 4)):
            fields[-1] += letter
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            fields.append("")
    return fields
