"""What is refused before an embedded AWS starts."""

from __future__ import annotations

import io
import socket

import pytest

from local.app.started import started
from local.terminal import Terminal
from tessera.errors import InvalidInput


def test_a_port_that_another_program_has_is_refused_at_once():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        out = io.StringIO()
        with (
            pytest.raises(InvalidInput, match=rf"port {port} can't be used .* --port 0"),
            started(tenant="default", terminal=Terminal(out), port=port),
        ):
            pass
    assert out.getvalue() == ""


def test_a_number_that_is_no_port_is_refused():
    with (
        pytest.raises(InvalidInput, match="there is no port 70000"),
        started(tenant="default", terminal=Terminal(io.StringIO()), port=70000),
    ):
        pass
