"""The app as a function that takes an HTTP API's events (payload 2.0)."""

from __future__ import annotations

from fastapi import FastAPI
from mangum import Mangum

from tessera.api.refusals import MEDIA_TYPE

_TEXTS = ["text/", "application/json", MEDIA_TYPE]  # all else would be sent in base64


def as_function(app: FastAPI) -> Mangum:
    """Return the function."""
    return Mangum(app, lifespan="off", text_mime_types=_TEXTS)
