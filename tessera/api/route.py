"""One route of the API: what is called, by which roles, with which documents."""

from __future__ import annotations

import dataclasses
from typing import Literal

from tessera.api.roles import OPERATOR, Role, Scope, roles_with

Method = Literal["GET", "POST", "PUT", "DELETE"]
CSV = "text/csv"
IDEMPOTENCY_KEY = r"^[A-Za-z0-9_-]{8,64}$"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route:
    """One route of the API.

    Parameters
    ----------
    method, path
        What is called.
    name
        The operation, unique: the function in the app that answers it.
    scope
        What a principal needs.
    does
        What it says or does, in one sentence.
    answers
        The document of a success. None for an answer without a body.
    takes
        The document of the request. None without a body.
    status
        Of a success.
    creates
        Whether a repeated request would make something twice: it needs an ``Idempotency-Key``.
    media
        Of the answer.
    judges
        What a body that fits its schema is still refused for with 422, as a sentence. Empty where
        the schema says everything.
    key_in_query
        Whether a viewer's key may stand in the address, for spreadsheets that send no headers.
    """

    method: Method
    path: str
    name: str
    scope: Scope
    does: str
    answers: type | None
    takes: type | None = None
    status: int = 200
    creates: bool = False
    media: str = "application/json"
    judges: str = ""
    key_in_query: bool = False

    @property
    def is_operators(self) -> bool:
        """Whether it is about the deployment, and about no tenant's data."""
        return self.roles == (OPERATOR,)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that may call it."""
        return roles_with(self.scope)


def read_route(path: str, name: str, does: str, answers: type) -> Route:
    """Return a route that shows what every role may read."""
    return Route(
        method="GET", path=path, name=name, scope="insights:read", does=does, answers=answers
    )
