"""What is printed, and what happens when nobody reads it any more."""

from __future__ import annotations

import io
import json
import subprocess
import sys

from local.terminal import Terminal


class Gone(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, _text):
        raise BrokenPipeError


def test_a_reader_who_leaves_does_not_stop_the_command():
    terminal = Terminal(Gone())
    terminal.say("one")
    with terminal.step("work"):
        pass
    terminal.json({"a": 1})


def test_json_is_apart_from_progress_and_printed_in_quiet_too():
    progress, results = io.StringIO(), io.StringIO()
    terminal = Terminal(progress, quiet=True, results=results)
    terminal.say("hello")
    terminal.json({"customers": 3, "name": "Zoë"})
    assert progress.getvalue() == ""
    assert json.loads(results.getvalue()) == {"customers": 3, "name": "Zoë"}
    assert "Zoë" in results.getvalue()


def test_a_pipe_whose_reader_has_gone_ends_in_silence(root):
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "destinations"],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (0, "")
