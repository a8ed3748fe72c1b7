"""A folder that a process uses stays, and of the others the newest."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.app.kept_folders import KeptFolders

USES = """
import sys
from pathlib import Path
from local.app.kept_folders import KeptFolders
KeptFolders(most=1).get(Path(sys.argv[1]), make=Path.mkdir)
print("has it", flush=True)
sys.stdin.read()
"""


def make(folder):
    folder.mkdir()
    (folder / "made").touch()


def age(folder):
    os.utime(folder, (1.0, 1.0))


def test_what_another_process_uses_stays_until_that_ends(root, tmp_path):
    used = tmp_path / "used"
    other = subprocess.Popen(
        [sys.executable, "-c", USES, used], cwd=root, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with other:
        assert other.stdout.readline() == "has it\n"
        age(used)
        for name in ("second", "third"):
            KeptFolders(most=1).get(tmp_path / name, make=make)
        assert used.is_dir()
        other.stdin.close()
    age(used)
    KeptFolders(most=1).get(tmp_path / "fourth", make=make)
    assert not used.exists()


def test_of_what_nobody_uses_the_newest_stay(tmp_path):
    for number, name in enumerate(("old", "middle", "new")):
        make(tmp_path / name)
        os.utime(tmp_path / name, (number + 1.0,) * 2)
    KeptFolders(most=3).get(tmp_path / "fresh", make=make)
    left = {one.name for one in tmp_path.iterdir() if one.is_dir()}
    assert left == {"middle", "new", "fresh"}


def test_what_was_removed_by_hand_is_made_again(tmp_path):
    kept, target = KeptFolders(most=1), tmp_path / "one"
    kept.get(target, make=make).rename(tmp_path / "away")
    assert (kept.get(target, make=make) / "made").exists()


def test_what_many_want_at_once_is_made_once(tmp_path):
    made = []

    def slowly(folder):
        made.append(folder)
        make(folder)

    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(KeptFolders(most=1).get, tmp_path / "one", make=slowly) for _ in range(8)
        ]
        assert {one.result() for one in asked} == {tmp_path / "one"}
    assert len(made) == 1


def test_nothing_half_made_stays(tmp_path):
    def fails(folder):
        make(folder)
        raise OSError("the disk is full")

    kept = KeptFolders(most=1)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            kept.get(tmp_path / "one", make=fails)
    assert [one.name for one in tmp_path.iterdir()] == [".lock"]
