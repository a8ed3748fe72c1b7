"""Statements carried out at Snowflake: started, waited for, and read to the last partition."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence

from adapters.destinations.snowflake.errors import meaning
from adapters.http.client import HttpClient, Trouble
from tessera.destinations.requests import Malformed, Request, Response
from tessera.destinations.vendors.snowflake import api
from tessera.destinations.vendors.snowflake.account import SnowflakeAccount
from tessera.destinations.vendors.snowflake.sql import Bound
from tessera.errors import Retryable

_WAITS_SECONDS = (0.0, 0.5, 1.0, 2.0)  # before each question, the last from then on
_GRACE_SECONDS = 30


@dataclasses.dataclass(frozen=True)
class StatementResult:
    """A statement's result: its rows, and the response with its metadata."""

    rows: Sequence[Sequence[str | None]]
    response: Response

    @property
    def changed(self) -> int:
        """How many rows a MERGE changed."""
        return api.changed(self.response)


@dataclasses.dataclass(frozen=True)
class Statements:
    """Carries out statements, one request each.

    Parameters
    ----------
    client
        Sends the requests.
    account
        Returns the account, which the secret has.
    secret_name
        For messages.
    request_id
        Makes a new UUID.
    """

    client: HttpClient
    account: Callable[[], SnowflakeAccount]
    secret_name: str
    request_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def run(self, statement: Bound, *, personal: bool = False) -> StatementResult:
        """Carry out a statement once, however often its request has to be repeated.

        Parameters
        ----------
        personal
            Whether customers are bound. What is no answer of the API is then the caller's to
            judge. For others it is trouble that may pass.

        Raises
        ------
        Malformed
            A success without what the API promises, of a ``personal`` statement.
        Wrong
            The values of a ``personal`` statement were not accepted.
        InvalidInput, Refused, Retryable
            What else went wrong.
        """
        request_id, begun = self.request_id(), False

        def act() -> StatementResult:
            nonlocal begun
            again, begun = begun, True
            try:
                return self._done(statement, request_id=request_id, again=again, personal=personal)
            except Malformed:
                if personal:
                    raise
                raise Trouble(
                    f"{api.TITLE} sent a response that its API does not promise"
                ) from None

        return self.client.patiently(act)

    def _done(
        self, statement: Bound, *, request_id: str, again: bool, personal: bool
    ) -> StatementResult:
        seconds = api.CAPABILITIES.exchange_seconds
        until = self.client.clock() + seconds + _GRACE_SECONDS
        request = api.submit(
            statement,
            account=self.account(),
            request_id=request_id,
            again=again,
            seconds=seconds,
        )
        response, asked = self._answer(request, personal=personal), 0
        while response.status == api.RUNNING:
            wait = _WAITS_SECONDS[min(asked, len(_WAITS_SECONDS) - 1)]
            if self.client.clock() + wait > until:
                raise Retryable(f"{api.TITLE} is still busy with a statement")
            self.client.pause(wait)
            response, asked = self._answer(api.ask(response), personal=personal), asked + 1
        return self._whole(response, personal=personal)

    def _whole(self, response: Response, *, personal: bool) -> StatementResult:
        rows = list(api.rows(response))
        for number in range(1, api.partitions(response)):
            part = self._answer(api.ask(response, partition=number), personal=personal)
            rows += api.rows(part)
        if len(rows) != api.expected_rows(response):
            raise Malformed("a result lacks rows")
        return StatementResult(rows, response)

    def _answer(self, request: Request, *, personal: bool) -> Response:
        response = self.client.send(request)
        if 200 <= response.status < 300:
            return response
        raise meaning(
            response, account=self.account(), secret_name=self.secret_name, personal=personal
        )
