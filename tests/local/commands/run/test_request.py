"""Where a run's state may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.commands.arguments.tree import parser
from local.commands.dispatch import state_of
from local.commands.run.request import RunOptions, check_state
from tessera.errors import InvalidInput


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ([], "out.state"),
        (["--out", "shops/june"], "shops/june.state"),
        (["--out", "june/"], "june.state"),
        (["--state", "kept"], "kept"),
    ],
)
def test_the_state_is_beside_the_results_unless_it_is_named(arguments, state):
    assert state_of(parser().parse_args(["run", "a.csv", *arguments])) == Path(state)


@pytest.mark.parametrize("state", ["out", "out/state", "out/deep/state"])
def test_a_state_inside_the_results_is_refused_as_each_run_replaces_them(tmp_path, state):
    request = RunOptions(source=Path("a.csv"), out=tmp_path / "out", state=tmp_path / state)
    with pytest.raises(InvalidInput, match="which each run replaces"):
        check_state(request)


def test_a_state_that_does_not_exist_yet_is_taken_and_not_made(tmp_path):
    state = tmp_path / "new.state"
    check_state(RunOptions(source=Path("a.csv"), out=tmp_path / "out", state=state))
    assert not state.exists()
