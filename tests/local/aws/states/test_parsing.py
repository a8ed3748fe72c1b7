"""A state machine that another process has parsed is not parsed again, and has its own names."""

from __future__ import annotations

import io
import json
import pickle
from typing import Any

import pytest

from local.aws.states import parsing
from local.aws.states.parsing import KeepingParser

KEY = "1f0e7a3c-0000-4000-8000-{}"


def definition(end: str) -> str:
    """A machine that calls a function and names a key, both made up by a deployment."""
    function = f"arn:aws:lambda:us-east-1:123456789012:function:Stack-Check-{end}"
    call = {"FunctionName": function, "Payload": f"{{% {{'key': '{KEY.format(end)}'}} %}}"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": call}
    states = {"A": {**task, "Next": "B"}, "B": {"Type": "Succeed"}}
    return json.dumps({"StartAt": "A", "QueryLanguage": "JSONata", "States": states})


class Texts(pickle.Pickler):
    """Looks at all texts of a program, in their order."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO())
        self.seen: list[str] = []

    def persistent_id(self, value: object) -> None:
        if isinstance(value, str):
            self.seen.append(value)


def texts(program: Any) -> list[str]:
    looking = Texts()
    looking.dump(program)
    return looking.seen


def test_what_one_process_parsed_another_need_not_parse(tmp_path, monkeypatch):
    ours, theirs = definition("0123456789ab"), definition("ba9876543210")
    monkeypatch.setattr(KeepingParser, "_kept", {})
    expected, _ = KeepingParser.parse(theirs)
    KeepingParser._kept.clear()
    with parsing.kept_in(tmp_path):
        KeepingParser.parse(ours)
        KeepingParser._kept.clear()  # as in another process
        monkeypatch.setattr(parsing, "_parsed", lambda _: pytest.fail("it was parsed again"))
        program, _ = KeepingParser.parse(theirs)
    assert texts(program) == texts(expected)
    assert "ba9876543210" in " ".join(texts(program))
    assert "0123456789ab" not in " ".join(texts(program))
    assert [one.suffix for one in tmp_path.iterdir()] == [".pickle"]


def test_another_definition_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(KeepingParser, "_kept", {})
    with parsing.kept_in(tmp_path):
        for text in (definition("0123456789ab"), definition("0123456789ab").replace('"A"', '"C"')):
            KeepingParser.parse(text)
    assert len(list(tmp_path.iterdir())) == 2
