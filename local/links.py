"""Links to files: the same bytes, once on the disk."""

from __future__ import annotations

import os
import shutil


def link_file(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Link a file, or copy it where the target is on another disk."""
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)
