"""The line of a state: its name, its time, and how much it worked on."""

from __future__ import annotations

import io

from local.app.progress import Progress, show
from local.terminal import Terminal


def entered(name, kind="Task"):
    return {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(name, kind="Task"):
    return {"type": f"{kind}StateExited", "stateExitedEventDetails": {"name": name}}


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


def test_what_runs_side_by_side_has_one_line_with_the_names():
    out = io.StringIO()
    progress = Progress(Terminal(out))
    for event in (
        entered("Train", "Parallel"), entered("TrainKMeans"), entered("TrainChurn"),
        exited("TrainChurn"), exited("TrainKMeans"), exited("Train", "Parallel"), entered("Score"),
    ):  # fmt: skip
        progress.see(event)
    progress.end(failed=False)
    train, score = out.getvalue().splitlines()
    assert train.split()[:2] == ["✓", "Train"]
    assert train.endswith(" s  TrainKMeans · TrainChurn")
    assert score.split()[:2] == ["✓", "Score"]


def test_a_branch_that_fails_marks_the_line_of_all():
    out = io.StringIO()
    progress = Progress(Terminal(out))
    for event in (
        entered("Train", "Parallel"), entered("TrainKMeans"), exited("TrainKMeans"),
        exited("Train", "Parallel"), entered("FailRun"),
    ):  # fmt: skip
        progress.see(event)
    progress.end(failed=False)
    train, _ = out.getvalue().splitlines()
    assert train.split()[:2] == ["✗", "Train"]


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
