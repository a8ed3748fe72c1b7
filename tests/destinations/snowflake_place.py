"""A strict Snowflake for the battery: its SQL really runs, and its tokens are really verified."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.destinations.snowflake.connecting import over_https
from adapters.destinations.snowflake.transport import SnowflakeTransport
from local.services.frame import http_service
from local.services.snowflake.server import Snowflake, SnowflakeServer
from tessera.destinations.port import Customer
from tessera.records.loads.segment import Segment

AS_OF = dt.date(2026, 5, 1)
NAME = "tessera/dev/destinations/snowflake"
REFUSED = "100078"  # a text that is too long for its column


class KeyPair:
    """A key pair that signs as KMS does."""

    def __init__(self) -> None:
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public_key = self._private.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message, padding.PKCS1v15(), SHA256())


@functools.cache
def key_pair() -> KeyPair:
    """Return one key pair for all tests: making one takes a while."""
    return KeyPair()


class SnowflakePlace:
    """A new account, until it is closed."""

    schema = "TESSERA"

    def __init__(self) -> None:
        from tests.destinations.places import Clock  # which builds on this module

        self.state = Snowflake(lambda: key_pair().public_key)
        self.server = SnowflakeServer(self.state)
        self.server.start()
        self.close = self.server.stop
        self.clock = Clock()
        self.transport = self.connect()
        self.transport.check([])

    def secret(self, **changes: str) -> dict[str, str]:
        return self.server.secret(tenant="default") | changes

    def connect(
        self, *, as_of: dt.date = AS_OF, endpoint: str = "", **changes: str
    ) -> SnowflakeTransport:
        return over_https(
            read=lambda: self.secret(**changes),
            forget=lambda: None,
            secret_name=NAME,
            signer=key_pair(),
            as_of=lambda: as_of,
            endpoint=endpoint or self.server.url,
            clock=self.clock,
            pause=self.clock.pause,
        )

    def on(self, day: dt.date) -> SnowflakeTransport:
        """Return the way there on a day."""
        return self.connect(as_of=day)

    def query(self, text: str) -> list[list[Any]]:
        return [list(row.values()) for row in self.state.database.query(text)]

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return self.state.database.customers("TESSERA")

    def rows(self, table: str, columns: str, order: str = "1, 2") -> list[list[Any]]:
        return self.query(f'SELECT {columns} FROM "{self.schema}".{table} ORDER BY {order}')

    def size(self, segment: Segment) -> int | None:
        return self.transport.size(segment)

    def sent(self) -> str:
        return "\n".join(
            f"{one.method} {one.path} {json.dumps(one.body, ensure_ascii=False)}"
            for one in self.state.requests
            if one.text
        )

    def fail(self, customer: Customer, *, code: str, message: str) -> str:
        self.state.faults.fail_item(customer.customer_id, code=REFUSED, message=message)
        return REFUSED

    def busy(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.BUSY, retry_after="1")

    def broken(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.BROKEN)

    def lost(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.DROPPED, method="POST")

    def malformed(self, times: int) -> None:
        self.state.faults.fail_next(times, http_service.MALFORMED, method="POST")

    def denied(self) -> None:
        self.state.faults.fail_next(1, http_service.DENIED)

    def heal(self) -> None:
        self.state.faults = http_service.HttpFaults()

    def nowhere(self) -> SnowflakeTransport:
        return self.connect(endpoint="http://127.0.0.1:1")
