"""Close the folders of a stream that got parts since they were closed last.

Store marks each part. So no clock decides which days are open, and nothing else is listed: a part
that comes late, days after its records were sent, closes its day again.

What a folder has in many parts is merged to few before.
"""

from __future__ import annotations

import dataclasses
import time
from collections import defaultdict
from collections.abc import Callable

from adapters.aws.objects import Objects, ObjectVersion
from adapters.stores.upload_folder import UploadFolder
from steps.ingest.merge import merge_parts
from tessera import naming
from tessera.errors import TesseraError

_MERGING_SECONDS = 540.0  # of the function's 14 minutes. What is left is merged by the next call
_FEWEST = 8  # parts that are worth to be merged


@dataclasses.dataclass(frozen=True, kw_only=True)
class CloseReport:
    """Folders that had marks, those that now count other parts, and how many parts were merged."""

    folders: int
    closed: int
    merged: int = 0


def close_windows(
    data: Objects,
    *,
    fewest: int = _FEWEST,
    merging_seconds: float = _MERGING_SECONDS,
    seconds: Callable[[], float] = time.monotonic,
) -> CloseReport:
    """Close each folder with marks, the oldest day first, and remove these marks.

    A mark goes after its folder is closed, for good: a year of them leaves nothing to list. One
    that comes meanwhile is another version and stays. A folder that fails keeps its marks, and the
    others are closed all the same. So does one whose parts are not all merged yet.

    Parameters
    ----------
    fewest
        How many parts are worth to be merged.
    merging_seconds, seconds
        For how long parts are merged, and a clock that only grows.

    Raises
    ------
    InvalidInput, Refused, Retryable
        The first error, once every folder was tried.
    """
    marks: dict[tuple[str, str], list[ObjectVersion]] = defaultdict(list)
    for mark in data.versions(naming.OPEN_PARTS):
        tenant, folder = naming.open_folder(mark.key)
        marks[folder, tenant].append(mark)
    closed, merged, errors = 0, 0, []
    ends = seconds() + merging_seconds
    for folder, tenant in sorted(marks):
        try:
            upload = UploadFolder(data, tenant=tenant, name=folder)
            done = merge_parts(upload, data=data, has_time=lambda: seconds() < ends, least=fewest)
            closed += upload.close(without=done.outdated)
            merged += done.merged
            if done.is_complete:
                data.delete_versions(marks[folder, tenant])
        except TesseraError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return CloseReport(folders=len(marks), closed=closed, merged=merged)
