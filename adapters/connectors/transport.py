"""Send a connector's requests: rate, retries and time limits, and files of JSON lines in parts."""

from __future__ import annotations

from typing import Protocol

from adapters.http.client import HttpClient
from tessera.destinations.requests import Malformed, Request, Response
from tessera.sources.connectors.port import BulkFile, Explaining


class BulkReader(Protocol):
    """Reads files of JSON lines. See ``adapters.connectors.bulk_files``."""

    def part(self, file: BulkFile) -> Response:
        """Return a part of a file."""
        ...


class ConnectorTransport:
    """Sends one connector's requests, one after another.

    Parameters
    ----------
    client
        Sends what goes to the API.
    files
        Reads what the vendor has made into a file. None for a connector without such files.
    explaining
        Explains responses without JSON. None for a connector that has nothing to add.
    """

    def __init__(
        self,
        client: HttpClient,
        *,
        files: BulkReader | None = None,
        explaining: Explaining | None = None,
    ) -> None:
        self._client = client
        self._files = files
        self._explaining = explaining

    def send(self, request: Request | BulkFile) -> Response:
        """Return the response, trying again after trouble.

        Raises
        ------
        Malformed
            The response is no JSON: a page that was cut short, or of something between.
        InvalidInput
            The connector explains such a response: its owner has to change something first.
        Refused
            The shop rejects the key.
        Retryable
            There was trouble each time.
        """
        if isinstance(request, BulkFile):
            assert self._files is not None  # noqa: S101 (only connectors with files ask for one)
            return self._files.part(request)
        response = self._client.patiently(lambda: self._client.send(request))
        if response.status < 400 and response.body is None:
            if self._explaining is not None:
                self._explaining.unreadable(response)
            raise Malformed(f"a response {response.status} is no valid JSON")
        return response
