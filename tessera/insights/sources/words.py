"""What is unusual about a source, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tessera.insights.figures import share
from tessera.plurals import plural
from tessera.records.runs.arrivals import SourceHealth


def source_warnings(sources: Iterable[SourceHealth]) -> tuple[str, ...]:
    """Return a sentence on each unusual thing about each source, without its full stop."""
    return tuple(sentence for source in sources for sentence in _sentences(source))


def lateness(health: SourceHealth) -> str:
    """Return the sentence on a source that is late."""
    due = f" by {health.due_by:%Y-%m-%d %H:%M} UTC" if health.due_by else ""
    return (
        f"source {health.source!r} is late: it last came at {health.arrived_at:%Y-%m-%d %H:%M} "
        f"UTC, and by its own history the next upload was due{due}"
    )


def _sentences(health: SourceHealth) -> Iterator[str]:
    name = f"source {health.source!r}"
    if health.is_late and health.due_by:
        yield lateness(health)
    if health.volume in {"less", "more"} and health.usual_rows:
        least, most = health.usual_rows.least, health.usual_rows.most
        yield (
            f"{name} brought {plural(health.rows, 'row')} with {health.upload}, "
            f"{health.volume} than the {least:,.0f} to {most:,.0f} that are usual"
        )
    if health.refusals == "more" and health.usual_share:
        yield (
            f"{name} had {share(health.refused / health.rows)} of its rows refused in "
            f"{health.upload}, where at most {share(health.usual_share.most)} is usual: "
            "the run's rejects.csv.gz lists them"
        )
