"""A run for which the disk has no room is refused before it starts."""

from __future__ import annotations

import shutil

import pytest

from local.app.disk import check_room, size_of
from tessera.errors import InvalidInput


def test_a_run_that_needs_more_than_there_is_is_refused_with_what_to_free(tmp_path):
    free = shutil.disk_usage(tmp_path).free
    check_room(0, folder=tmp_path)
    with pytest.raises(InvalidInput, match=r"needs about [\d.,]+ GB in .*TMPDIR"):
        check_room(free, folder=tmp_path)


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"12345")
    (tmp_path / "b.csv").write_bytes(b"123")
    (tmp_path / "sub").mkdir()
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "a.csv") == 5
