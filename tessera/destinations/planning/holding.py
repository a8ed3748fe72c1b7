"""Hold a load back: in a dry run, or when too many customers would lose their labels."""

from __future__ import annotations

from tessera.records.loads.load import PlanCounts

_FEW = 20  # this many exits are always allowed: 3 of 10 customers are a high share, but few


def held(counts: PlanCounts, *, exit_limit: float, dry_run: bool) -> str:
    """Return a human-readable reason to hold the load, or an empty string to send it.

    Parameters
    ----------
    counts
        The plan's counts.
    exit_limit
        The largest share of the destination's customers who may lose their labels in one run.
    dry_run
        Whether the tenant only wants to see plans.
    """
    if dry_run:
        return "The setting 'dry_run' is on. This is the plan, and nothing was sent."
    exits, known = counts.exits, counts.known
    if exits <= max(_FEW, exit_limit * known):
        return ""
    return (
        f"Held: {exits:,} of {known:,} customers ({exits / known:.0%}) would lose their labels, "
        f"more than the setting 'exit_limit' allows ({exit_limit:.0%}). If their data is missing, "
        "upload it. If they should lose their labels, raise 'exit_limit' for one run. To keep "
        'their labels, set exits = "keep".'
    )
