"""Change files that expired while nothing folded them: what came since is not the whole table."""

from __future__ import annotations

import datetime as dt

from adapters.aws.objects import Objects
from steps.curate.source import CuratedSource
from tessera import naming
from tessera.errors import InvalidInput
from tessera.sources.changes import LOAD_FILES

# A fold leaves files that are younger than a week, so they expire sooner after it by so much.
_UNRENEWED = dt.timedelta(days=8)


def check_raw(
    source: CuratedSource, *, data: Objects, identities: Objects, raw_days: int, now: dt.datetime
) -> None:
    """Refuse a table that was folded last before its files expired, unless it was loaded since.

    Parameters
    ----------
    data
        The bucket with the record of the last fold.
    identities
        The bucket of the change files.
    raw_days
        After how many days change files expire, 0 for never.

    Raises
    ------
    InvalidInput
        A fold would take what is left for the whole table.
    """
    record = naming.curate_record_key(source.tenant, source.name)
    if not raw_days or source.is_copied or not data.exists(record):
        return
    last: dt.datetime = data.head(record)["LastModified"]
    if now - last < dt.timedelta(days=raw_days) - _UNRENEWED:
        return
    entries = identities.entries(source.raw)
    loads = [each for each in entries if each.key.removeprefix(source.raw).startswith(LOAD_FILES)]
    if not any(each.modified_at > last for each in loads):
        raise InvalidInput(
            f"{source.name}: it was read last on {last:%Y-%m-%d}, and its files expire after "
            f"{raw_days} days (storage.raw_days). The changes since are not the whole table: load "
            "it again"
        )
