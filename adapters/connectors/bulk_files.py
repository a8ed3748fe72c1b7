"""Files of JSON lines that a vendor has made: downloaded once, read in parts of bounded size."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationValueError

from adapters.http.client import verified_pool
from adapters.http.public_hosts import NotPublic, public_only
from tessera.destinations.requests import Malformed, Response
from tessera.errors import Refused, Retryable
from tessera.sources.connectors.port import BulkFile

_CHUNK_BYTES = 1 << 20
_TRIES = 5
_OK, _PARTIAL = 200, 206
_BUSY = (408, 429, 500, 502, 503, 504)
_COMPLETE = "complete"


class BulkFiles:
    """Downloads files and divides their lines on disk, each family of lines in one part.

    The URL is a secret of its vendor: nothing that is raised here quotes it. No key is sent to it.

    Parameters
    ----------
    folder
        Where the parts are. They have names and addresses, so it must not outlive the pull.
    endpoint
        A service on this machine whose URLs may be plain HTTP. Empty for vendors: then only public
        hosts are called, over HTTPS.
    pause
        For tests.
    """

    def __init__(
        self, folder: Path, *, endpoint: str = "", pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._folder = folder
        self._endpoint = urlsplit(endpoint)
        self._pause = pause
        self._pool = verified_pool()
        if not endpoint:
            public_only(self._pool)

    def part(self, file: BulkFile) -> Response:
        """Return a part: its lines are the response's body.

        Raises
        ------
        Malformed
            The file is no longer there, or it was cut short.
        Retryable
            It could not be downloaded.
        """
        folder = (
            self._folder / hashlib.sha256(f"{file.name} {file.parts}".encode()).hexdigest()[:16]
        )
        if not (folder / _COMPLETE).exists():
            shutil.rmtree(self._folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            self._divide(file, folder)
            (folder / _COMPLETE).touch()
        with (folder / str(file.part)).open("rb") as lines:
            return Response(_OK, [json.loads(line) for line in lines])

    def _divide(self, file: BulkFile, folder: Path) -> None:
        with contextlib.ExitStack() as stack:
            parts = [
                stack.enter_context((folder / str(part)).open("wb", buffering=1 << 16))
                for part in range(file.parts)
            ]
            size = 0
            for line in self._lines(file):
                size += len(line)
                if line.strip():
                    _write(line, parts, file=file)
        if file.size_bytes and size != file.size_bytes:
            raise Malformed(f"its file has {size:,} bytes instead of {file.size_bytes:,}")

    def _lines(self, file: BulkFile) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks(file.url):
            *lines, rest = (rest + chunk).splitlines(keepends=True) if chunk else [rest]
            if rest.endswith(b"\n"):
                lines, rest = [*lines, rest], b""
            yield from lines
        if rest:
            yield rest

    def _chunks(self, url: str) -> Iterator[bytes]:
        """Yield a file's bytes. After a connection was lost, go on from there."""
        read = 0
        for left in reversed(range(_TRIES)):
            try:
                for chunk in self._from(url, read):
                    read += len(chunk)
                    yield chunk
            except (HTTPError, OSError) as error:
                if not left:
                    raise Retryable(
                        f"a file of orders could not be downloaded ({type(error).__name__})"
                    ) from None
                self._pause(2.0 ** (_TRIES - left))
            else:
                return

    def _from(self, url: str, start: int) -> Iterator[bytes]:
        response = self._opened(url, start)
        try:
            if response.status in _BUSY:
                raise HTTPError(str(response.status))
            if response.status != (_PARTIAL if start else _OK):
                raise Malformed(f"its file is not to be had ({response.status})")
            yield from response.stream(_CHUNK_BYTES, decode_content=False)
        finally:
            response.release_conn()

    def _opened(self, url: str, start: int) -> urllib3.BaseHTTPResponse:
        there = urlsplit(url)
        local = (there.scheme, there.netloc) == (self._endpoint.scheme, self._endpoint.netloc)
        if there.scheme != "https" and not local:
            raise Refused("the URL of a file of orders is no https address: nothing was read")
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            return self._pool.request(
                "GET", url, headers=headers, preload_content=False, redirect=False
            )
        except (NotPublic, LocationValueError):
            raise Refused("the URL of a file of orders leads to no public address") from None


def _write(line: bytes, parts: Sequence[IO[bytes]], *, file: BulkFile) -> None:
    """Write a line to the part of its family."""
    try:
        value = json.loads(line)
        name = value.get(file.parent_field) or value[file.id_field]
        key = str(name).encode()
    except (ValueError, KeyError, AttributeError):
        raise Malformed("its file has a line that is no object with an id") from None
    parts[zlib.crc32(key) % len(parts)].write(line)
