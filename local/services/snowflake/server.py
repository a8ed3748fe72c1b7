"""Snowflake's SQL API on the loopback interface, for one user with one key pair.

Strict about what the reference says of a statement: headers, token, members of the body, bound
values, handles and partitions. A statement runs once for its ``requestId``.
"""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected
from local.services.snowflake.database import Database, ResultTable, StatementError
from local.services.snowflake.tokens import problem
from tessera.contracts.destinations import SNOWFLAKE
from tessera.destinations.vendors.snowflake.account import DEFAULT_SCHEMA, SCHEMA, SnowflakeAccount
from tessera.naming import DEFAULT_TENANT

ACCOUNT = SnowflakeAccount(
    identifier="tessera-laptop", user="loader", warehouse="LOADING", database="SHOP", role="LOADER"
)
_PATH = "/api/v2/statements"
_MEMBERS = {"statement", "timeout", "parameters", "bindings", "warehouse", "database", "role"}
_QUERY = {"requestId", "async", "retry"}
_CODES = {401: "390144", 429: "391900", 500: "000603"}
_PARTITION_ROWS = 1_000


@dataclasses.dataclass(frozen=True)
class Execution:
    """What a statement came to."""

    answer: ResultTable | None
    error: StatementError | None = None


class Snowflake(HttpService):
    """An account with one user, one role, one warehouse and one database.

    Parameters
    ----------
    public_key
        Returns the user's public key as DER.
    unix_time
        For tests.

    Attributes
    ----------
    database
        Where the statements run.
    executed
        The text of each statement that really ran.
    waits
        How often a statement is still running when it is asked for.
    partition_rows
        The most rows of a partition.
    """

    DESTINATION = SNOWFLAKE

    def __init__(
        self, public_key: Callable[[], bytes], *, unix_time: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._public_key = public_key
        self._unix_time = unix_time
        self.database = Database(ACCOUNT.database)
        self.executed: list[str] = []
        self.waits = 0
        self.partition_rows = _PARTITION_ROWS
        self._handles: dict[str, str] = {}
        self._outcomes: dict[str, Execution] = {}
        self._asked: dict[str, int] = {}

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return what the default tenant's table holds, as texts."""
        held = self.database.customers(DEFAULT_SCHEMA)
        return {
            customer_id: {name: str(value) for name, value in row.items()}
            for customer_id, row in held.items()
        }

    def sizes(self) -> dict[str, int]:
        """Return the default tenant's segments, and how many customers the run counted."""
        return self.database.sizes(DEFAULT_SCHEMA)

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error. A pointer is the code."""
        return {"code": pointer or _CODES.get(status, "391902"), "message": words}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Start a statement, or return what became of one."""
        self._check_headers(request)
        if (request.method, request.path) == ("POST", _PATH):
            return self._started(request)
        handle = request.path.removeprefix(f"{_PATH}/")
        if request.method != "GET" or handle not in self._outcomes:
            raise Rejected(404, f"no such request: {request.method} {request.path}")
        return self._state(handle, request.query)

    def _check_headers(self, request: ReceivedRequest) -> None:
        headers = request.headers
        if headers.get("x-snowflake-authorization-token-type") != "KEYPAIR_JWT":
            raise Rejected(401, "Invalid OAuth access token", pointer="390303")
        wrong = problem(
            headers.get("authorization", "").removeprefix("Bearer "),
            public_key=self._public_key(),
            subject=ACCOUNT.subject,
            unix_seconds=self._unix_time(),
        )
        if wrong:
            raise Rejected(401, f"JWT token is invalid. [{wrong}]", pointer="390144")
        if not headers.get("user-agent"):
            raise Rejected(400, "User-Agent is required", pointer="391903")
        if headers.get("accept") != "application/json":
            raise Rejected(406, "expected to accept application/json")

    def _started(self, request: ReceivedRequest) -> tuple[int, Any]:
        query, body = request.query, request.body
        if set(query) - _QUERY or query.get("async") != "true":
            raise Rejected(400, f"expected some of {sorted(_QUERY)}, async among them")
        request_id = str(uuid.UUID(query["requestId"]))
        if query.get("retry") == "true" and request_id in self._handles:
            return self._running(self._handles[request_id])
        if set(body) - _MEMBERS or not isinstance(body.get("timeout"), int):
            raise Rejected(400, f"expected some of {sorted(_MEMBERS)}")
        handle = self._handles[request_id] = str(uuid.uuid4())
        self._outcomes[handle] = self._outcome(body)
        self._asked[handle] = 0
        return self._running(handle)

    def _outcome(self, body: Mapping[str, Any]) -> Execution:
        try:
            _check_context(body)
            values = _bound(body.get("bindings", {}))
            self._check_faults(values)
            answer = self.database.run(body["statement"], values)
        except StatementError as error:
            return Execution(None, error)
        self.executed.append(body["statement"])
        return Execution(answer)

    def _check_faults(self, values: Sequence[str]) -> None:
        """Refuse a statement that binds a customer that a test wants refused."""
        for customer_id, (code, words) in self.faults.items.items():
            quoted = json.dumps(customer_id, ensure_ascii=False)
            if any(f"[{quoted}," in value for value in values):
                raise StatementError(code, "22000", words)

    def _running(self, handle: str) -> tuple[int, Any]:
        return 202, {
            "code": "333334",
            "message": "Asynchronous execution in progress.",
            "statementHandle": handle,
            "statementStatusUrl": f"{_PATH}/{handle}",
        }

    def _state(self, handle: str, query: Mapping[str, str]) -> tuple[int, Any]:
        self._asked[handle] += 1
        outcome = self._outcomes[handle]
        if self._asked[handle] <= self.waits:
            return self._running(handle)
        if outcome.error is not None:
            error = outcome.error
            return 422, {
                "code": error.code,
                "sqlState": error.state,
                "message": error.words,
                "statementHandle": handle,
            }
        assert outcome.answer is not None  # noqa: S101 (there is one without an error)
        return 200, self._result(handle, outcome.answer, int(query.get("partition", 0)))

    def _result(self, handle: str, answer: ResultTable, partition: int) -> dict[str, Any]:
        most, rows = self.partition_rows, answer.rows
        parts = [rows[start : start + most] for start in range(0, len(rows), most)] or [[]]
        if partition:
            return {"data": parts[partition]}
        return {
            "code": "090001",
            "statementHandle": handle,
            "resultSetMetaData": {
                "numRows": len(rows),
                "format": "jsonv2",
                "rowType": [{"name": name, "type": "text"} for name in answer.names],
                "partitionInfo": [{"rowCount": len(part)} for part in parts],
            },
            "data": parts[0],
        }


def _check_context(body: Mapping[str, Any]) -> None:
    """Look the names up as they are: the API does not change their case."""
    if body.get("role") != ACCOUNT.role:
        raise StatementError("390186", "08001", "Role is not granted to this user.")
    if body.get("database") != ACCOUNT.database:
        raise StatementError("002043", "02000", "Object does not exist, or is not authorized.")
    if body.get("warehouse") != ACCOUNT.warehouse:
        raise StatementError("000606", "57P03", "No active warehouse selected.")


def _bound(bindings: Mapping[str, Any]) -> list[str]:
    places = [str(place) for place in range(1, len(bindings) + 1)]
    if list(bindings) != places and set(bindings) != set(places):
        raise StatementError("002049", "42601", "Bind variables are numbered from 1.")
    values = [bindings[place] for place in places]
    if not all(
        set(one) == {"type", "value"} and one["type"] == "TEXT" and isinstance(one["value"], str)
        for one in values
    ):
        raise StatementError("002050", "42601", "Expected texts of the type TEXT.")
    return [one["value"] for one in values]


class SnowflakeServer(HttpServer):
    """Serves an account."""

    def __init__(self, state: Snowflake) -> None:
        super().__init__(state)
        self._database = state.database

    def stop(self) -> None:
        """Close the port and the database."""
        super().stop()
        self._database.close()

    def secret(self, *, tenant: str) -> dict[str, str]:
        """Return what a tenant's secret has to say. Each tenant has a schema."""
        own = DEFAULT_SCHEMA if tenant == DEFAULT_TENANT else f"{DEFAULT_SCHEMA}_{tenant}".upper()
        return {
            "account": ACCOUNT.identifier,
            "user": ACCOUNT.user,
            "warehouse": ACCOUNT.warehouse,
            "database": ACCOUNT.database,
            "role": ACCOUNT.role,
            SCHEMA: own,
        }
