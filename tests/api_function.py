"""The API's function as Lambda calls it."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI

from lambdas.api.function import as_function


class ApiFunction:
    """The app behind the adapter that Lambda calls, which makes an event loop and keeps it.

    Each call has its own loop here and closes it. A loop that stays open is freed in another test
    and fails that one.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to an event of payload 2.0."""
        with asyncio.Runner() as runner:
            runner.get_loop()  # becomes the thread's, which the adapter asks for
            return as_function(self._app)(event, None)  # type: ignore[arg-type]
