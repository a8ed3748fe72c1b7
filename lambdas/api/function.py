"""The app as a function that takes an HTTP API's events (payload 2.0)."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from mangum import Mangum

from tessera.api.refusals import MEDIA_TYPE

_TEXTS = ["text/", "application/json", MEDIA_TYPE]  # all else would be sent in base64


# The request's own line has the error's type. The message of an error may name a customer.
logging.getLogger("mangum").disabled = True
logging.getLogger("mangum.http").disabled = True


def as_function(app: FastAPI) -> Mangum:
    """Return the function."""
    return Mangum(app, lifespan="off", text_mime_types=_TEXTS)
