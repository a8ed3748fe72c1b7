"""When a plan is not carried out: somebody only wanted to see it, or it takes too much away."""

from __future__ import annotations

from collections.abc import Mapping

_FEW = 20  # exits that need no limit: of ten customers, three are no flood


def held(counts: Mapping[str, int], *, exit_limit: float, dry_run: bool) -> str:
    """Return why nothing shall be sent, as a sentence for people; empty when it shall.

    Parameters
    ----------
    counts
        What the plan counted: at least ``exits`` and ``known``.
    exit_limit
        The greatest share of the customers known there who may lose their labels in one run.
    dry_run
        Whether the tenant only wants to see plans.
    """
    if dry_run:
        return "The setting 'dry_run' is on: this is the plan, and nothing was sent."
    exits, known = counts["exits"], counts["known"]
    if exits <= max(_FEW, exit_limit * known):
        return ""
    return (
        f"Held: {exits:,} of {known:,} customers ({exits / known:.0%}) would lose their labels, "
        f"more than the setting 'exit_limit' allows ({exit_limit:.0%}). If their data is missing, "
        "upload it; if they are to go, raise 'exit_limit' for one run, or keep their labels with "
        'exits = "keep".'
    )
