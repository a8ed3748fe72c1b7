"""The log of a Lambda function, through Powertools: one line about each event that it answers."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from aws_lambda_powertools.logging import Logger

from adapters.aws.logs import SERVICE, Fact, StepLog

Handler = Callable[[dict[str, Any], Any], Any]


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Writes to whatever standard output is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # (an attribute in the base class)
        """Standard output."""
        return sys.stdout


# Without the place of the call, which is always this module.
_LOGGER = Logger(
    service=SERVICE,
    level="INFO",
    utc=True,
    use_rfc3339=True,
    location=None,
    logger_handler=_StandardOutput(),
)
_LEVELS = {"INFO": _LOGGER.info, "ERROR": _LOGGER.error}


def logged(
    step: str, *, message: str = "", facts: tuple[str, ...] = ()
) -> Callable[[Handler], Handler]:
    """Log what a handler decides, or why it fails.

    Parameters
    ----------
    step
        The state that calls the function, or the function's name where people call it.
    message
        The field of the reply that says what was decided.
    facts
        The fields of the reply behind it. Nothing else of the event and the reply is logged, but
        tenant, run and destination.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def answer(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 (Lambda's own)
            log = StepLog(step, write=_write, tenant=_text(event, "tenant"))
            log.bind(tenant=_text(event, "tenant"), run_id=_text(event, "run_id"))
            about = {name: str(event[name]) for name in ("destination",) if name in event}
            try:
                reply = handler(event, context)
            except Exception as error:
                log.failed(error)
                raise
            if "tenant" in reply:
                log.bind(tenant=_text(reply, "tenant"), run_id=_text(reply, "run_id"))
            chosen = _flat({name: reply[name] for name in facts if name in reply})
            log.decided(str(reply.get(message) or "done"), **about, **chosen)
            return reply

        return answer

    return decorate


def _text(source: Mapping[str, Any], name: str) -> str:
    return str(source.get(name) or "")


def _flat(values: Mapping[str, Any]) -> dict[str, Fact]:
    """Return counts inside a field as fields themselves, and lists as their lengths."""
    flat: dict[str, Fact] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value)
        elif isinstance(value, (list, tuple)):
            flat[name] = len(value)
        else:
            flat[name] = value
    return flat


def _write(level: str, message: str, fields: dict[str, Fact]) -> None:
    _LEVELS[level](message, extra=fields)


def logged_requests(step: str) -> Callable[[Mapping[str, Any]], None]:
    """Return what writes one line for each request of an API, with its facts.

    Parameters
    ----------
    step
        The function's name.
    """

    def write(facts: Mapping[str, Any]) -> None:
        log = StepLog(step, write=_write, tenant=_text(facts, "tenant"))
        about = {name: value for name, value in facts.items() if name != "tenant"}
        log.decided("answered", **about)

    return write
