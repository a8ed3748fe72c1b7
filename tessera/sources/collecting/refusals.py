"""Why a page's events are not taken. No message repeats what the page sent."""

from __future__ import annotations

import dataclasses
from http import HTTPStatus


@dataclasses.dataclass(frozen=True)
class WrongPart:
    """One part of a body that is wrong.

    Parameters
    ----------
    where
        Which part, by our own names: ``events[3].Date``.
    what
        What was expected.
    """

    where: str
    what: str


class NotCollected(Exception):  # noqa: N818 (an answer, not a fault of ours)
    """None of a body's events are taken.

    Parameters
    ----------
    detail
        Why, and what to do.
    status
        The HTTP status of the answer.
    wrong
        The wrong parts.
    after_seconds
        How long the page should wait before it tries again. 0 where that cannot help.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        wrong: tuple[WrongPart, ...] = (),
        after_seconds: int = 0,
    ) -> None:
        super().__init__(detail)
        self.detail, self.status, self.wrong = detail, status, wrong
        self.after_seconds = after_seconds
