"""Whether a domain has a DMARC record: one DNS question to this machine's resolver, over UDP."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

_RESOLVERS = Path("/etc/resolv.conf")
_PORT, _TIMEOUT_S, _ATTEMPTS = 53, 2.0, 2
_TXT, _INTERNET, _RECURSE = 16, 1, 0x0100
_NO_SUCH_NAME = 3
_HEADER, _ANSWER = struct.Struct(">6H"), struct.Struct(">HHIH")
_MARK = b"v=DMARC1"
_LARGEST = 4096


def has_dmarc(domain: str, *, resolver: tuple[str, int] | None = None) -> bool | None:
    """Return whether a domain, or one above it, has a DMARC record. None if nobody answers.

    Parameters
    ----------
    domain
        The sending domain.
    resolver
        The address and port that are asked. By default those of this machine's configuration.
    """
    place = resolver or _resolver()
    if place is None:
        return None
    labels = domain.split(".")
    answers = [
        _asked(".".join(["_dmarc", *labels[first:]]), place) for first in range(len(labels) - 1)
    ]
    if any(answers):
        return True
    return None if None in answers else False


def _resolver() -> tuple[str, int] | None:
    """Return the first name server that this machine is set to ask."""
    if not _RESOLVERS.exists():
        return None
    for line in _RESOLVERS.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["nameserver"] and len(words) > 1:
            return words[1], _PORT
    return None


def _asked(name: str, place: tuple[str, int]) -> bool | None:
    number = secrets.randbelow(1 << 16)
    question = _HEADER.pack(number, _RECURSE, 1, 0, 0, 0) + _name(name)
    question += struct.pack(">HH", _TXT, _INTERNET)
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_TIMEOUT_S)
        for _ in range(_ATTEMPTS):
            try:
                asking.sendto(question, place)
                answer = asking.recv(_LARGEST)
                return _read(answer, number=number, skip=len(question))
            except (OSError, struct.error):
                continue
    return None


def _name(name: str) -> bytes:
    parts = (label.encode("idna") for label in name.split("."))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _read(answer: bytes, *, number: int, skip: int) -> bool | None:
    """Return whether a record of the answer is one of DMARC. None for an error of the resolver."""
    own, flags, _, count, _, _ = _HEADER.unpack_from(answer)
    code = flags & 0xF
    if own != number or code not in (0, _NO_SUCH_NAME):
        return None
    at = skip
    for _ in range(count):
        at = _past_name(answer, at)
        kind, _, _, length = _ANSWER.unpack_from(answer, at)
        at += _ANSWER.size
        if kind == _TXT and answer[at + 1 : at + 1 + len(_MARK)].upper() == _MARK.upper():
            return True
        at += length
    return False


def _past_name(answer: bytes, at: int) -> int:
    while answer[at] and answer[at] < 0xC0:  # labels, until the end or a pointer to others
        at += answer[at] + 1
    return at + (2 if answer[at] else 1)
