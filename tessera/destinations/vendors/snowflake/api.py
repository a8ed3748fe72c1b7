"""The SQL API of Snowflake: its requests, and what is in its responses.

Every statement is sent with ``async=true``: then a request is answered at once, however long a
warehouse takes to start. 202 has the handle to ask by, 200 the result in partitions, 422 an error
of the statement and 408 that it ran out of time. A request that is repeated with its
``requestId`` and ``retry=true`` is not executed again.

References
----------
docs.snowflake.com/en/developer-guide/sql-api: reference, submitting-requests,
handling-responses, handling-errors, authenticating.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera import __version__
from tessera.destinations.requests import EXCHANGED, Malformed, Request, Response, at
from tessera.destinations.vendors.snowflake import destination
from tessera.destinations.vendors.snowflake.account import SnowflakeAccount
from tessera.destinations.vendors.snowflake.sql import Bound

TITLE = destination.TITLE
BASE_URL = ""  # each account has its own
CAPABILITIES = destination.CAPABILITIES
RUNNING, FAILED = 202, 422

_STATEMENTS = "/api/v2/statements"
_MEANT = (401, 403, 408)  # with a code of Snowflake's, which says more
_CHANGED = "number of rows "


def auth(secret: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers that authorize a request."""
    return {
        "Authorization": f"Bearer {secret[EXCHANGED]}",
        "X-Snowflake-Authorization-Token-Type": "KEYPAIR_JWT",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": f"tessera/{__version__}",
    }


def base_url(secret: Mapping[str, str]) -> str:
    """Return the address of the secret's account."""
    return SnowflakeAccount.parse(secret).base_url


def status(response: Response) -> int:
    """Let errors with a code be judged by it, and not by the HTTP status."""
    return FAILED if response.status in _MEANT and error(response)[0] else response.status


def submit(
    statement: Bound, *, account: SnowflakeAccount, request_id: str, again: bool, seconds: int
) -> Request:
    """Return the request that starts a statement.

    Parameters
    ----------
    request_id
        A UUID. The same one for the same statement.
    again
        Whether the statement may have been started before.
    seconds
        After which Snowflake cancels it.
    """
    text, values = statement
    body = {
        "statement": text,
        "timeout": seconds,
        "parameters": {"query_tag": "tessera"},
        **account.context,
    }
    if values:
        body["bindings"] = {
            str(place): {"type": "TEXT", "value": value} for place, value in enumerate(values, 1)
        }
    query = f"requestId={request_id}&async=true{'&retry=true' if again else ''}"
    return Request("POST", f"{_STATEMENTS}?{query}", body)


def ask(response: Response, *, partition: int = 0) -> Request:
    """Return the request for the state of a statement, or for a partition of its result."""
    handle = at(response, "statementHandle")
    if not handle.replace("-", "").isalnum():
        raise Malformed("a handle is no path")
    return Request("GET", f"{_STATEMENTS}/{handle}{f'?partition={partition}' if partition else ''}")


def partitions(response: Response) -> int:
    """Return how many partitions a result has. The first comes with its metadata."""
    return max(1, len(at(response, "resultSetMetaData", "partitionInfo", kind=list)))


def rows(response: Response) -> list[Sequence[str | None]]:
    """Return the rows of a partition. Every value is a text or null."""
    data: list[Sequence[str | None]] = at(response, "data", kind=list)
    if not all(isinstance(row, list) for row in data):
        raise Malformed("a row is no list")
    return data


def expected_rows(response: Response) -> int:
    """Return how many rows all partitions of a result have."""
    count: int = at(response, "resultSetMetaData", "numRows", kind=int)
    return count


def changed(response: Response) -> int:
    """Return how many rows a MERGE inserted, updated and deleted.

    Raises
    ------
    Malformed
        It is no answer to a statement that changes rows.
    """
    columns = at(response, "resultSetMetaData", "rowType", kind=list)
    counted = all(str(one.get("name")).startswith(_CHANGED) for one in columns)
    table = rows(response)
    if not columns or not counted or len(table) != 1:
        raise Malformed("a MERGE was answered without its counts")
    try:
        return sum(int(cell or 0) for cell in table[0])
    except ValueError:
        raise Malformed("a count is no number") from None


def error(response: Response) -> tuple[str, str, str]:
    """Return code, SQL state and message of an error, each empty if it has none."""
    body = response.body if isinstance(response.body, Mapping) else {}
    code, state, words = (str(body.get(name) or "") for name in ("code", "sqlState", "message"))
    return code, state, words[:500]


def words(response: Response) -> tuple[str, str]:
    """Return the code and message of an error response."""
    code, _, text = error(response)
    return code, text
