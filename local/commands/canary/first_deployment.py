"""What to check on a first account: the row that a failed canary points to.

One table serves two readers. `make docs` writes docs/first-deployment.md from it, and a canary that
fails looks up the row that applies.
"""

from __future__ import annotations

import re

from local.commands.canary.checks import Check
from local.commands.canary.rows import PARTS


def applicable(state: str, *, evidence: str) -> Check | None:
    """Return the first row that fits a failed state and what it reported.

    Parameters
    ----------
    state
        The state that failed, empty when no execution started.
    evidence
        The error's name and its message.
    """
    rows = (check for part in PARTS for check in part.checks)
    fits = (row for row in rows if state in row.states and re.search(row.pattern, evidence))
    return next(fits, None)
