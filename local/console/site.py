"""One origin for the console: the API under ``/v1``, the built page, how it signs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import FileResponse

from infra.console.page_policy import page_policy
from tessera.api.page_events import PATH as PAGE_EVENTS

CONFIG = "/config.json"
_LOCAL = ("local", "u")


def site(
    api: FastAPI,
    *,
    page: Path,
    config: Mapping[str, Any],
    uploads: str,
    local: FastAPI | None = None,
) -> Callable[..., Any]:
    """Return the site (ASGI).

    It answers to loopback names alone: a foreign page that resolves its own name to this machine
    must not read the configuration, which has a key.

    Parameters
    ----------
    api
        Answers ``/v1``.
    page
        The folder of the built page. Its ``index.html`` answers each address of the page's own.
    config
        What the page reads before it signs in.
    uploads
        The origin that the page sends uploads to.
    local
        Answers ``/local``, which no deployed console has, and what another address answers on AWS:
        the links of messages, ``/u``, and the events of pages. None without campaigns.
    """
    front = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    headers = {
        "Content-Security-Policy": page_policy(uploads),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    @front.get(CONFIG)
    def _config() -> Response:
        return Response(
            json.dumps(config), media_type="application/json", headers={"Cache-Control": "no-store"}
        )

    @front.get("/{path:path}")
    def _page(request: Request) -> Response:
        asked = (page / request.url.path.lstrip("/")).resolve()
        inside = asked.is_relative_to(page.resolve()) and asked.is_file()
        return FileResponse(asked if inside else page / "index.html", headers=headers)

    apps = {"v1": api} | ({} if local is None else dict.fromkeys(_LOCAL, local))

    async def served(scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"] if scope["type"] == "http" else "/"
        chosen = local if local and path == PAGE_EVENTS else apps.get(path.split("/")[1], front)
        await chosen(scope, receive, send)

    return TrustedHostMiddleware(served, allowed_hosts=["127.0.0.1", "localhost"])
