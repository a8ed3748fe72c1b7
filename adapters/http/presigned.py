"""Files where a service of AWS says: presigned URLs, and the keys that it gives with them.

URL and key are secrets: nothing that is raised here quotes them.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationValueError

from adapters.http.client import verified_pool
from tessera.errors import Refused, Retryable

_HOSTS = (".amazonaws.com", ".amazonaws.com.cn")
_SSE = "x-amz-server-side-encryption-customer-"
_BUSY = (408, 429)
_BROKEN = 500
_HERE = 200


def put(url: str, file: bytes, *, key: str, endpoint: str) -> None:
    """Upload a file that S3 encrypts with a key of the caller's (SSE-C).

    Parameters
    ----------
    url
        Presigned.
    key
        256 bits in base64.
    endpoint
        The service that gave the URL, which may be beside it if it is no service of AWS.

    Raises
    ------
    Refused
        The URL leads elsewhere than to AWS, the key is none, or the file was not taken.
    Retryable
        S3 is busy or away.
    """
    if not _is_known(url, endpoint=endpoint):
        raise Refused("the upload URL is not an AWS address: nothing was sent to it")
    try:
        response = _pool().request("PUT", url, body=file, headers=encryption(key), redirect=False)
    except (HTTPError, LocationValueError, OSError) as error:
        raise Retryable(f"the upload URL could not be reached ({type(error).__name__})") from None
    if response.status in _BUSY or response.status >= _BROKEN:
        raise Retryable(f"the upload URL was busy ({response.status})")
    if not 200 <= response.status < 300:
        raise Refused(f"the upload URL rejected the file ({response.status})")


def get(url: str, *, endpoint: str) -> bytes | None:
    """Return a file, None where there is none to be had.

    Parameters
    ----------
    url
        Presigned.
    endpoint
        The service that gave the URL, as for ``put``.

    Raises
    ------
    Retryable
        S3 is away.
    """
    if not _is_known(url, endpoint=endpoint):
        return None
    try:
        response = _pool().request("GET", url, redirect=False)
    except (HTTPError, LocationValueError, OSError) as error:
        raise Retryable(f"a file's URL could not be reached ({type(error).__name__})") from None
    return bytes(response.data) if response.status == _HERE else None


def encryption(key: str) -> dict[str, str]:
    """Return the headers by which S3 encrypts with this key.

    Raises
    ------
    Refused
        It is no such key.
    """
    try:
        digest = hashlib.md5(base64.b64decode(key, validate=True), usedforsecurity=False).digest()
    except (binascii.Error, ValueError):
        raise Refused("the upload's encryption key is not valid base64: nothing was sent") from None
    return {
        f"{_SSE}algorithm": "AES256",
        f"{_SSE}key": key,
        f"{_SSE}key-MD5": base64.b64encode(digest).decode(),
    }


def _is_known(url: str, *, endpoint: str) -> bool:
    there, service = urlsplit(url), urlsplit(endpoint)
    if (there.scheme, there.netloc) == (service.scheme, service.netloc):
        return True
    return there.scheme == "https" and (there.hostname or "").endswith(_HOSTS)


@functools.cache
def _pool() -> urllib3.PoolManager:
    return verified_pool()
