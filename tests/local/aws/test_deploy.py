"""The code of a function is packed once, also when several processes need it."""

from __future__ import annotations

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.aws import deploy


def test_processes_that_pack_at_once_do_not_disturb_each_other(tmp_path, monkeypatch):
    folder = tmp_path / "asset.1"
    folder.mkdir()
    (folder / "handler.py").write_text("answer = 1\n")
    together = threading.Barrier(4, timeout=20)
    pack = deploy._pack

    def pack_together(archive: zipfile.ZipFile, path: Path, name: Path) -> None:
        together.wait()  # nobody has finished before everybody has begun
        pack(archive, path, name)

    monkeypatch.setattr(deploy, "_pack", pack_together)
    with ThreadPoolExecutor(4) as pool:
        archives = list(pool.map(deploy.packed, [folder] * 4))

    for archive in archives:
        assert "handler.py" in zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert [path for path in tmp_path.iterdir() if path.suffix == ".new"] == []
