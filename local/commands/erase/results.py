"""The results of runs in a folder of the user, without some people."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from adapters.erasure.rewriting import Rewriter
from steps.erase.data import needles_of
from steps.erase.tools import ErasureTools
from tessera import naming
from tessera.erasure.people import Needles

_REJECTS, _HELD = "rejects.csv", "held.json"


def erase_results(tools: ErasureTools, out: Path) -> int:
    """Rewrite or delete the files in a folder that have people of the erasure in them.

    Returns
    -------
    int
        How many there were.
    """
    known = tools.files.people()
    if known is None or not out.is_dir():
        return 0
    needles = needles_of(known)
    rewriter = Rewriter(needles, headers=tools.columns.headers, settings=tools.settings)
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and not path.is_symlink()]
    held = [path for path in files if path.name == _HELD]
    by_id = {path for path in held if _without_ids(path, needles)}
    return len(by_id | {path for path in files if _erase(rewriter, path, out=out)})


def _erase(rewriter: Rewriter, path: Path, *, out: Path) -> bool:
    key = str(path.relative_to(out))
    if path.name == _REJECTS:  # as a run has it, with rows of uploads in a cell
        key = naming.run_key("t", "r", naming.REJECTS)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        target = Path(folder) / "target"
        rewriting = rewriter.rewrite(key, path, target)
        if rewriting is None or rewriting.action == "unread":
            return False
        if rewriting.action == "rewritten":
            target.replace(path)
        else:
            path.unlink()
    return True


def _without_ids(path: Path, needles: Needles) -> bool:
    """Drop customers from what a stand-in held, by id. Return whether there were any."""
    document = json.loads(path.read_bytes())
    after = _dropped(document, needles)
    if after == document:
        return False
    path.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def _dropped(value: Any, needles: Needles) -> Any:
    if isinstance(value, list):
        return [_dropped(each, needles) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _dropped(each, needles) for name, each in value.items() if not needles.is_id(name)
    }
