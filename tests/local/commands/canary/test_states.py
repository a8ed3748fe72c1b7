"""How long states took, read from histories with branches, retries and failures."""

import datetime as dt

from local.commands.canary.states import StateTime, state_times

BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def event(number, before, kind, second, name=""):
    details = {}
    if kind.endswith("Entered"):
        details = {"stateEnteredEventDetails": {"name": name}}
    if kind.endswith("Exited"):
        details = {"stateExitedEventDetails": {"name": name}}
    moment = BEGAN + dt.timedelta(seconds=second)
    return {"id": number, "previousEventId": before, "type": kind, "timestamp": moment, **details}


def test_a_state_takes_from_its_entry_to_its_exit():
    history = [
        event(1, 0, "PassStateEntered", 0, "NameRun"),
        event(2, 1, "PassStateExited", 0, "NameRun"),
        event(3, 2, "TaskStateEntered", 1, "Prepare"),
        event(4, 3, "TaskScheduled", 2),
        event(5, 4, "TaskSucceeded", 60),
        event(6, 5, "TaskStateExited", 61, "Prepare"),
    ]
    assert list(state_times(history)) == [StateTime(name="Prepare", seconds=60, failed=False)]


def test_branches_of_a_map_do_not_mix():
    history = [
        event(1, 0, "MapStateEntered", 0, "Activate"),
        event(2, 1, "TaskStateEntered", 1, "StartLoad"),
        event(3, 1, "TaskStateEntered", 2, "StartLoad"),
        event(4, 3, "TaskSucceeded", 3),
        event(5, 4, "TaskStateExited", 4, "StartLoad"),
        event(6, 2, "TaskSucceeded", 9),
        event(7, 6, "TaskStateExited", 10, "StartLoad"),
        event(8, 1, "MapStateExited", 10, "Activate"),
    ]
    assert [(one.name, one.seconds) for one in state_times(history)] == [
        ("StartLoad", 2),
        ("StartLoad", 9),
        ("Activate", 10),
    ]


def test_a_state_whose_last_try_failed_has_failed():
    history = [
        event(1, 0, "TaskStateEntered", 0, "Score"),
        event(2, 1, "TaskFailed", 5),
        event(3, 2, "TaskScheduled", 6),
        event(4, 3, "TaskSucceeded", 7),
        event(5, 4, "TaskStateExited", 8, "Score"),
        event(6, 5, "TaskStateEntered", 8, "MapSchema"),
        event(7, 6, "TaskTimedOut", 9),
        event(8, 7, "TaskStateExited", 9, "MapSchema"),
    ]
    assert [one.failed for one in state_times(history)] == [False, True]
