"""The function that finds customers, called by the API, whose own role reads no identities."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from adapters.aws import clients
from adapters.aws.errors import translated
from tessera.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class CustomerSearchFunction:
    """Searches through another function.

    Parameters
    ----------
    function
        Its name or alias.
    client
        A client. By default for the environment's credentials and region.

    Raises
    ------
    Refused
        Lambda denied the call.
    Retryable
        The function was busy or failed. Its log says why.
    """

    def __init__(self, function: str, *, client: LambdaClient | None = None) -> None:
        self._function = function
        self._given = client

    @functools.cached_property
    def _client(self) -> LambdaClient:
        """The client, made when it is first needed: most requests search nobody."""
        return self._given or clients.functions()

    def find(self, tenant: str, term: str, *, by: str) -> tuple[str, ...] | None:
        """Return the keys of the customers with this id or address, None without an index."""
        event = json.dumps({"tenant": tenant, "term": term, "by": by}).encode()
        with translated("Lambda", what="the search", missing="there is no such function"):
            answer = self._client.invoke(FunctionName=self._function, Payload=event)
            reply = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:  # its message may quote the term
            raise Retryable("the search for a customer failed: see the log of its function")
        keys = reply["customer_keys"]
        return None if keys is None else tuple(keys)
