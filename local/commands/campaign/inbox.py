"""The inbox of the console on this machine, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def inbox_lines(listed: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each message of the list, and how many there are."""
    for one in listed["messages"]:
        yield f"  {one['id']}  {one['to']}  {one['subject']}"
    yield f"  {listed['count']:,} messages. `tessera campaign inbox ID` shows one."


def message_lines(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message: its headers, then its text part."""
    for header in message["headers"]:
        yield f"{header['name']}: {header['value']}"
    yield ""
    yield message["text"]
