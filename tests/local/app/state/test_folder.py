"""The folder of a state: private, switched at once, for one run at a time."""

from __future__ import annotations

import json
import stat
import threading

import pytest

from local.app.state.folder import StateFolder
from local.app.state.snapshot import DATA, IDENTITIES, Snapshot, StoredObject
from local.aws.objects.facts import ObjectFacts
from tessera.errors import InvalidInput


def snapshot(*files, key="s"):
    stored = tuple(
        StoredObject(
            facts=ObjectFacts(
                key=f"tenants/default/{name}", version="v", modified="2026-01-01T00:00:00",
                bytes=1, etag="e", metadata={"as-of": "2026-01-01"},
            ),
            file=name,
        )
        for name in files
    )  # fmt: skip
    return Snapshot(
        secret=key, saved_at="2026-01-01T00:00:00+00:00", runs=({"run_id": {"S": "a"}},),
        objects={DATA: stored, IDENTITIES: ()}, stand_ins={},
    )  # fmt: skip


def used(folder):
    with folder.locked(wait=lambda: pytest.fail("nobody else has it")):
        for name in ("one", "two"):
            folder.file(name).write_text(name)
        folder.write(snapshot("one", "two"))
    return folder


def test_it_is_for_its_owner_alone_and_says_why(tmp_path):
    folder = used(StateFolder(tmp_path / "out.state"))
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.index.stat().st_mode) == 0o600
    assert "PERSONAL DATA" in (folder.path / "README.txt").read_text()
    assert (folder.path / ".gitignore").read_text() == "*\n"


def test_a_state_comes_back_as_it_was_and_forgets_files_that_it_does_not_name(tmp_path):
    folder = used(StateFolder(tmp_path / "s"))
    assert folder.read() == snapshot("one", "two")
    folder.write(snapshot("two", key="other"))
    assert folder.read() == snapshot("two", key="other")
    assert [path.name for path in (folder.path / "objects").iterdir()] == ["two"]


def test_a_run_that_is_killed_leaves_the_previous_state_in_force(tmp_path):
    folder = used(StateFolder(tmp_path / "s"))
    folder.new_file().write_text("half of some")
    (folder.path / "state.new").write_text('{"format":')
    again = StateFolder(folder.path)
    assert again.read() == snapshot("one", "two")
    used(again)
    assert {path.name for path in (folder.path / "objects").iterdir()} == {"one", "two"}


def test_a_state_that_names_a_file_that_is_not_there_is_not_written(tmp_path):
    folder = used(StateFolder(tmp_path / "s"))
    with pytest.raises(FileNotFoundError):
        folder.write(snapshot("three"))
    assert folder.read() == snapshot("one", "two")


def test_a_second_run_says_that_it_waits_and_then_goes_on(tmp_path):
    folder, waited, went_on = used(StateFolder(tmp_path / "s")), threading.Event(), []

    def second():
        with StateFolder(folder.path).locked(wait=waited.set):
            went_on.append(True)

    with folder.locked(wait=lambda: pytest.fail("nobody else has it")):
        other = threading.Thread(target=second)
        other.start()
        assert waited.wait(10)
        assert not went_on
    other.join(10)
    assert went_on


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2, "tessera": "9.9"}, r"by Tessera 9\.9 in the format 2, and this version"),
        ({"format": 0}, "in the format 0"),
        ({"runs": None}, "is damaged"),
        ({"objects": {DATA: [{"file": "x"}]}}, "is damaged"),
    ],
)
def test_a_state_of_another_version_or_a_damaged_one_is_refused_by_name(tmp_path, change, words):
    folder = used(StateFolder(tmp_path / "s"))
    document = json.loads(folder.index.read_text())
    folder.index.write_text(json.dumps(document | change))
    with pytest.raises(InvalidInput, match=words) as refused:
        folder.read()
    assert str(folder.index) in str(refused.value)
    assert "--fresh" in str(refused.value)


def test_half_a_document_is_refused_by_name(tmp_path):
    folder = used(StateFolder(tmp_path / "s"))
    folder.index.write_text(folder.index.read_text()[:50])
    with pytest.raises(InvalidInput, match="is damaged"):
        folder.read()


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "one.txt").write_text("x")
    with pytest.raises(InvalidInput, match="no state of Tessera"):
        StateFolder(tmp_path / "thesis")
    with pytest.raises(InvalidInput, match="is a file"):
        StateFolder(tmp_path / "thesis" / "one.txt")
