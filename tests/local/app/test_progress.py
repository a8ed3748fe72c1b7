"""The line of a state: its name, its time, and how much it worked on."""

from __future__ import annotations

import io

from local.app.progress import Progress, show
from local.terminal import Terminal


def entered(name):
    return {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(name):
    return {"type": "TaskStateExited", "stateExitedEventDetails": {"name": name}}


def test_a_state_says_at_its_end_how_much_it_worked_on():
    out = io.StringIO()
    progress = Progress(Terminal(out), note={"Prepare": "5,000 rows"}.get)
    for event in (entered("Prepare"), exited("Prepare"), entered("Score"), exited("Score")):
        progress.see(event)
    progress.end(failed=False)
    prepare, score = out.getvalue().splitlines()
    assert prepare.split()[:2] == ["✓", "Prepare"]
    assert prepare.endswith(" s  5,000 rows")
    assert score.endswith(" s")


class FailedRun:
    """A run whose Prepare fails before it writes its record."""

    data_bucket = "data"

    def follow(self, _execution):
        return iter([entered("Prepare"), exited("Prepare"), entered("FailRun")])

    def run_of(self, _execution):
        return "default", "r1"

    def keys(self, _bucket, _prefix):
        return []

    def describe(self, _execution):
        return {"status": "FAILED"}

    def error_of(self, _execution):
        return {"error": "InvalidInput"}


def test_a_state_that_fails_before_it_writes_a_record_has_no_note():
    out = io.StringIO()
    show(FailedRun(), "arn", Terminal(out), decide=lambda _: None)
    prepare, failed = out.getvalue().splitlines()
    assert prepare.split()[:2] == ["✗", "Prepare"]
    assert prepare.endswith(" s")
    assert failed.split()[:2] == ["✓", "FailRun"]
