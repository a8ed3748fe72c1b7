"""The console that ``tessera campaign`` talks to: the one of this machine, or a deployed one."""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import Any

from adapters.http.client import verified_pool
from adapters.http.console_api import ConsoleApi
from tessera.errors import InvalidInput, Retryable

KEY_VARIABLE = "TESSERA_API_KEY"  # an argument would show in the list of processes
CONFIG = "/config.json"
_NO_KEY = "no key: the console's configuration is asked for without one"


def console_api(url: str) -> ConsoleApi:
    """Return the API of a console.

    The key is the one of the environment. The console of this machine gives its own.

    Raises
    ------
    InvalidInput
        No console answers there, or it needs a key.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    return ConsoleApi(url, key=key or _local_key(url))


def _local_key(url: str) -> str:
    try:
        config: dict[str, Any] = ConsoleApi(url, key=_NO_KEY).get(CONFIG)
    except Retryable as error:
        raise InvalidInput(
            f"no console answers at {url} ({error}): start one with `make console` and leave it "
            "running, or name another one with --url"
        ) from None
    if config.get("mode") != "local":
        raise InvalidInput(f"{KEY_VARIABLE} is not set: put an API key of {url} there")
    return str(config["token"])


def put_file(url: str, content: bytes) -> None:
    """Send a file to a presigned address.

    Raises
    ------
    Retryable
        The store did not take it.
    """
    answer = verified_pool().request("PUT", url, body=content)
    if answer.status != HTTPStatus.OK:
        raise Retryable(f"the store answered {answer.status} to the file")
