"""What a curation read, omitted and wrote."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

CurateOutcome = Literal["written", "unchanged", "withdrawn"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CurateRecord:
    """One curation of a table, in counts. Nothing is lost between them.

    Parameters
    ----------
    tenant, source
        Whose, and the name of the upload's folder.
    outcome
        What became of the folder. ``unchanged`` starts no run.
    files, changes
        Change files, and their rows. ``changes`` is 0 for a table that was emptied.
    keys
        All keys that appear: the sum of ``deleted``, ``vanished`` and ``standing``.
    deleted
        Keys whose latest change deletes them.
    vanished
        Keys that the latest full load no longer has.
    standing
        Keys that are there.
    rows
        Rows of those: the sum of ``omitted`` and ``written``.
    omitted
        Rows that the mapping's ``keep`` omits.
    written
        Rows of the upload.
    parts
        Files of the upload.
    no_numbers
        Texts of those rows that ``number()`` could not read. Their cells are empty.
    changed_types
        Columns whose type differs between files, with their types.
    snapshot, compacted
        Rows of the snapshot that replaced change files, and how many it replaced. 0 where none was
        due.
    """

    tenant: str
    source: str
    outcome: CurateOutcome
    files: int
    changes: int
    keys: int
    deleted: int
    vanished: int
    standing: int
    rows: int
    omitted: int
    written: int
    parts: int
    no_numbers: int = 0
    changed_types: Mapping[str, str] = dataclasses.field(default_factory=dict)
    snapshot: int = 0
    compacted: int = 0

    def check(self) -> None:
        """Refuse counts that do not add up.

        Raises
        ------
        AssertionError
            A key or a row is missing from one of the groups.
        """
        for what, whole, parts in (
            ("keys", self.keys, (self.deleted, self.vanished, self.standing)),
            ("rows", self.rows, (self.omitted, self.written)),
        ):
            if whole != sum(parts) or min(parts) < 0:
                raise AssertionError(f"{self.source}: {whole} {what} are not {parts}")
