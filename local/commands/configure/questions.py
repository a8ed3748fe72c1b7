"""What `make configure` asks, and how an answer becomes a setting."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from infra.kit.stage import LOG_RETENTION_DAYS
from tessera.contracts.destinations import DESTINATIONS
from tessera.errors import InvalidInput

Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """One setting of a stage.

    Parameters
    ----------
    name
        The flag's name, with dashes.
    path
        Where the setting is in the stage's tree.
    text, hint
        The question, and what can be answered.
    read
        Turns the answer into the setting's value, or raises InvalidInput.
    safe
        A value that no other setting objects to. It stands in until the question is asked.
    """

    name: str
    path: Path
    text: str
    hint: str
    read: Callable[[str], object]
    safe: object


def show(value: object) -> str:
    """Return a setting's value as one would type it."""
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _days(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInput(f"{text!r} is not a number of days: expected one of {_DAYS}")
    return int(text)


_DAYS = ", ".join(map(str, LOG_RETENTION_DAYS))

QUESTIONS = (
    Question(
        name="region",
        path=("region",),
        text="AWS region",
        hint="such as us-east-1 or eu-central-1",
        read=str.strip,
        safe="us-east-1",
    ),
    Question(
        name="destinations",
        path=("destinations",),
        text="Destinations",
        hint=f"some of {', '.join(DESTINATIONS)}, with commas",
        read=_names,
        safe=["export"],
    ),
    Question(
        name="alarm-email",
        path=("alarms", "email"),
        text="Mail address for alarms",
        hint="a mailbox that people read; 'none' for no address",
        read=lambda text: "" if text.strip() in {"none", ""} else text.strip(),
        safe="alarms@example.com",
    ),
    Question(
        name="log-days",
        path=("log_retention_days",),
        text="Days to keep logs",
        hint=f"one of {_DAYS}",
        read=_days,
        safe=30,
    ),
)
