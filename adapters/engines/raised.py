"""Where an error arose: all that a message may say of one whose text quotes a cell."""

from __future__ import annotations

import traceback
from pathlib import Path


def raised_in(error: BaseException) -> str:
    """Return the file, the line and the function."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name} line {last.lineno}, {last.name}"
