"""Change files, and the SQL that folds them to the rows that are there.

A change file is Parquet, and all its columns are text: ``Op``, the columns of a table,
``dms_commit_at`` and ``dms_change_seq``. AWS DMS writes such files, and so do our own readers.

- A full load has every row as ``I``, without a sequence. All its rows have one instant: that at
  which the load began, so that each later change wins over them.
- A change is ``I``, ``U`` or ``D``, with the instant of its commit and a sequence.
- Of each key the rows of its greatest (instant, sequence) count, all of them: an order can have
  several events. A ``D`` among them deletes the key.
- A key that the latest full load lacks is gone, unless it changed since.

So files can come in any order and twice. Rows that are equal in every column count once.

Both engines run the texts below: DuckDB, and Spark with ANSI names in double quotes.
"""

from __future__ import annotations

from collections.abc import Sequence

from tessera.errors import InvalidInput

OPERATION, COMMITTED_AT, SEQUENCE = "Op", "dms_commit_at", "dms_change_seq"
CHANGE_COLUMNS = (OPERATION, COMMITTED_AT, SEQUENCE)
INSERT, UPDATE, DELETE = "I", "U", "D"
LOAD_FILES = "LOAD"  # how the names of a full load's files begin
COMMIT_FORM = "%Y-%m-%d %H:%M:%S.%f"  # of an instant, in UTC
_COMMIT_LIKE = "____-__-__ __:__:__.______"
NEWEST = "newest_changes"  # the relation that ``newest_changes_sql`` gives, by convention

# The place of a change among those of its key. What is deleted sorts last among equals.
# A blank sorts before any digit, so a shorter sequence is less than one that goes on from it.
PLACE = (
    f"\"{COMMITTED_AT}\" || ' ' || COALESCE(\"{SEQUENCE}\", '') || "
    f"CASE WHEN \"{OPERATION}\" = '{DELETE}' THEN ' 1' ELSE ' 0' END"
)

_NEWEST_CHANGES = """
SELECT {keys}, MAX({place}) AS newest_place,
    MAX(CASE WHEN COALESCE("{sequence}", '') = '' THEN "{committed_at}" END) AS newest_load
FROM {changes} GROUP BY {keys}"""

_STANDING = """newest_place NOT LIKE '% 1'
    AND newest_place >= COALESCE((SELECT MAX(newest_load) FROM {newest}), '')"""

_CURRENT_ROWS = """
SELECT DISTINCT {columns}
FROM {changes} AS changes JOIN {newest} AS newest
    ON {same_key} AND {place} = newest_place
WHERE {standing}"""

_KEY_COUNTS = """
SELECT COUNT(*) AS all_keys,
    COUNT(CASE WHEN newest_place LIKE '% 1' THEN 1 END) AS deleted,
    COUNT(CASE WHEN {standing} THEN 1 END) AS standing
FROM {newest}"""

_CHANGE_COUNTS = """
SELECT COUNT(*) AS all_changes,
    COUNT(CASE WHEN {no_key} THEN 1 END) AS without_key,
    COUNT(CASE WHEN "{operation}" IS NULL OR "{operation}" NOT IN ('I', 'U', 'D') THEN 1 END)
        AS without_operation,
    COUNT(CASE WHEN "{committed_at}" IS NULL OR "{committed_at}" NOT LIKE '{like}' THEN 1 END)
        AS without_instant
FROM {changes}"""


def current_rows_sql(table: str, *, key: Sequence[str], columns: Sequence[str]) -> str:
    """Return the query for the rows of a table as its latest changes left them.

    Parameters
    ----------
    table
        The relation of all its changes.
    key
        The columns that identify a row of the table, or that its rows are replaced by.
    columns
        All columns of the table, without those of the change.

    Raises
    ------
    InvalidInput
        There is no key, or it is none of the columns.
    """
    newest = newest_changes_sql(table, key=key)
    rows = standing_rows_sql(table, key=key, columns=columns)
    return f"WITH {NEWEST} AS ({newest}){rows}"


def newest_changes_sql(table: str, *, key: Sequence[str]) -> str:
    """Return the query for the place of each key's latest change.

    Its relation is small beside the changes, so engines compute it once.
    """
    return _NEWEST_CHANGES.format(
        keys=_list(checked_key(key)),
        place=PLACE,
        sequence=SEQUENCE,
        committed_at=COMMITTED_AT,
        changes=table,
    )


def standing_rows_sql(
    table: str, *, key: Sequence[str], columns: Sequence[str], newest: str = NEWEST
) -> str:
    """Return the query for the rows that are there, by the relation of ``newest_changes_sql``."""
    if missing := sorted({*checked_key(key)} - {*columns}):
        raise InvalidInput(
            f"the key {', '.join(missing)} is none of the table's columns: {', '.join(columns)}"
        )
    return _CURRENT_ROWS.format(
        columns=", ".join(f"changes.{quoted(name)} AS {quoted(name)}" for name in columns),
        changes=table,
        newest=newest,
        same_key=" AND ".join(f"changes.{quoted(name)} = newest.{quoted(name)}" for name in key),
        place=PLACE,
        standing=_STANDING.format(newest=newest),
    )


def key_counts_sql(newest: str = NEWEST) -> str:
    """Return the query for how many keys there were, are deleted, and are there.

    The rest vanished: the latest full load lacks them.
    """
    return _KEY_COUNTS.format(newest=newest, standing=_STANDING.format(newest=newest))


def change_counts_sql(table: str, *, key: Sequence[str]) -> str:
    """Return the query for how many changes there are, and how many cannot be folded.

    Those have no value in the key, another operation than I, U and D, or an instant in another
    form than ``COMMIT_FORM``.
    """
    return _CHANGE_COUNTS.format(
        no_key=" OR ".join(f"{quoted(name)} IS NULL" for name in checked_key(key)),
        operation=OPERATION,
        committed_at=COMMITTED_AT,
        like=_COMMIT_LIKE,
        changes=table,
    )


def quoted(name: str) -> str:
    """Return a column's name as both engines read it."""
    return '"' + name.replace('"', '""') + '"'


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def checked_key(key: Sequence[str]) -> Sequence[str]:
    """Return the columns of a key, or refuse none."""
    if not key or isinstance(key, str):
        raise InvalidInput(
            "a table needs a key, the columns that identify a row: without one, a changed row "
            "cannot replace the earlier one. Name them in the setting of the table's key"
        )
    return key
