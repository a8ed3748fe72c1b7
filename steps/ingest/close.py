"""Close the folders of a stream that got parts since they were closed last.

Store marks each part. So no clock decides which days are open, and nothing else is listed: a part
that comes late, days after its records were sent, closes its day again.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from adapters.aws.objects import Objects, ObjectVersion
from adapters.stores.upload_folder import UploadFolder
from tessera import naming
from tessera.errors import TesseraError


@dataclasses.dataclass(frozen=True, kw_only=True)
class CloseReport:
    """How many folders had marks, and how many of them now count other parts than before."""

    folders: int
    closed: int


def close_windows(data: Objects) -> CloseReport:
    """Close each folder with marks, the oldest day first, and remove these marks.

    A mark goes after its folder is closed, for good: a year of them leaves nothing to list. One
    that comes meanwhile is another version and stays. A folder that fails keeps its marks, and the
    others are closed all the same.

    Raises
    ------
    InvalidInput, Refused, Retryable
        The first error, once every folder was tried.
    """
    marks: dict[tuple[str, str], list[ObjectVersion]] = defaultdict(list)
    for mark in data.versions(naming.OPEN_PARTS):
        tenant, folder = naming.open_folder(mark.key)
        marks[folder, tenant].append(mark)
    closed, errors = 0, []
    for folder, tenant in sorted(marks):
        try:
            closed += UploadFolder(data, tenant=tenant, name=folder).close()
            data.delete_versions(marks[folder, tenant])
        except TesseraError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return CloseReport(folders=len(marks), closed=closed)
