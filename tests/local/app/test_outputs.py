"""Where results may go."""

from __future__ import annotations

import pytest

from local.app.outputs import check_target
from tessera.errors import InvalidInput


def test_a_place_that_is_free_or_has_earlier_results_is_taken(tmp_path):
    check_target(tmp_path / "new" / "deep")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text("{}")
    check_target(tmp_path / "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("file", "is a file: give a folder"),
        ("file/out", "file/out can't be written"),
        ("mine", "holds no earlier results"),
    ],
)
def test_any_other_place_is_refused_at_once(tmp_path, place, words):
    (tmp_path / "file").write_text("x")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(InvalidInput, match=words):
        check_target(tmp_path / place)
    assert (tmp_path / "mine" / "thesis.txt").exists()
