"""``tessera mcp`` over standard input and output, as an assistant starts it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from local.commands.mcp.command import serve
from tessera.errors import InvalidInput

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "a test", "version": "1"},
}


def message(method, *, number=None, **params):
    numbered = {} if number is None else {"id": number}
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **numbered})


def test_standard_output_has_the_protocol_alone_and_a_missing_state_is_explained(root, tmp_path):
    lines = (
        message("initialize", number=1, **HELLO),
        message("notifications/initialized"),
        message("tools/call", number=2, name="runs", arguments={}),
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "mcp", "--state", str(tmp_path / "state")],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, _ = process.communicate(timeout=60)
    assert rest == ""
    by_number = {answer["id"]: answer["result"] for answer in answers}
    assert "cite run_id" in by_number[1]["instructions"]
    assert by_number[2]["isError"]
    assert "has no run yet" in by_number[2]["content"][0]["text"]
    assert process.returncode == 0


def test_a_key_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("TESSERA_API_KEY", raising=False)
    with pytest.raises(InvalidInput, match="TESSERA_API_KEY is not set"):
        serve(url="https://console.example.com", state=tmp_path, tenant="default")
