"""A DMARC record is found by a DNS question, and silence proves nothing."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

import pytest

from adapters.campaigns import dmarc
from adapters.campaigns.dmarc import has_dmarc

POINTER = b"\xc0\x0c"
OTHER, RECORD = b"some other text", b"v=DMARC1; p=reject"


def txt(text):
    data = bytes([len(text)]) + text
    return POINTER + struct.pack(">HHIH", 16, 1, 300, len(data)) + data


def alias():
    return POINTER + struct.pack(">HHIH", 5, 1, 300, 2) + POINTER


@contextlib.contextmanager
def resolver(records, *, code=0):
    """Answer with the records of each name, on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    question, asker = server.recvfrom(4096)
                    answers = records.get(asked(question), [])
                    flags = 0x8180 | (code or (0 if answers else 3))
                    header = question[:2] + struct.pack(">5H", flags, 1, len(answers), 0, 0)
                    server.sendto(header + question[12:] + b"".join(answers), asker)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()


def asked(question):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += question[at] + 1
    return ".".join(labels)


@pytest.mark.parametrize("name", ["_dmarc.mail.shop.example", "_dmarc.shop.example"])
def test_a_record_of_the_domain_or_above_it_counts(name):
    with resolver({name: [alias(), txt(OTHER), txt(RECORD)]}) as place:
        assert has_dmarc("mail.shop.example", resolver=place) is True


def test_no_record_is_a_no():
    with resolver({"_dmarc.shop.example": [txt(OTHER)]}) as place:
        assert has_dmarc("mail.shop.example", resolver=place) is False


def test_a_resolver_that_fails_or_is_silent_proves_nothing(monkeypatch):
    monkeypatch.setattr(dmarc, "_TIMEOUT_S", 0.05)
    with resolver({}, code=2) as place:
        assert has_dmarc("shop.example", resolver=place) is None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert has_dmarc("shop.example", resolver=silent.getsockname()) is None
