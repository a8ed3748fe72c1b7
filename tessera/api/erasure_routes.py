"""The routes about erasures, for administrators alone."""

from __future__ import annotations

from tessera.api.documents import erasures
from tessera.api.route import Route
from tessera.erasure.case import ErasureCase

ERASURE_ROUTES = (
    Route(
        method="GET",
        path="/v1/erasures",
        name="erasures",
        scope="erasures:write",
        does="The erasures of people, and how far each is",
        answers=erasures.ErasureList,
    ),
    Route(
        method="POST",
        path="/v1/erasures",
        name="create_erasure",
        scope="erasures:write",
        does="Erase people from everything that is stored, and at the destinations",
        answers=ErasureCase,
        takes=erasures.ErasureOrder,
        status=202,
        creates=True,
    ),
    Route(
        method="GET",
        path="/v1/erasures/{case}",
        name="erasure",
        scope="erasures:write",
        does="One erasure with its signed receipt",
        answers=erasures.ErasureDetail,
    ),
)
