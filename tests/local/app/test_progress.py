"""The line of a state: its name, its time, and how much it worked on."""

from __future__ import annotations

import io

from local.app.progress import Progress
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
