"""Catalogued tables as the Glue catalog knows them: infra makes them, FinishRun adds partitions.

A partition's location is given with it, so a tenant's folder need not spell the partition keys.
"""

from __future__ import annotations

from tessera.contracts.table import Column, Table
from tessera.contracts.tables import CATALOGUED, EVENTS

_PARTITION = (
    Column("tenant", "string", "Whose customers"),
    Column("as_of", "date", "The day the rows describe"),
    Column("run", "string", "The run that wrote them"),
)
# Of equal rows those of the earlier upload count, so a partition says since when it is there.
_UPLOAD = (
    _PARTITION[0],
    Column("since", "string", "Instant of the run that first stored the upload"),
    Column("upload", "string", "The upload's id"),
)
TABLES = (*CATALOGUED, EVENTS)
PARTITIONS: dict[str, tuple[Column, ...]] = {
    **{table.name: _PARTITION for table in CATALOGUED},
    EVENTS.name: _UPLOAD,
}
INPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
CLASSIFICATION = "parquet"

# The table of latest runs has no partitions: a line of text a tenant, each in its own file.
LINES_FORMAT = "org.apache.hadoop.mapred.TextInputFormat"
LINES_OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
LINES_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
LINES_DELIMITER = ","


def latest_run_line(*, tenant: str, as_of: str, run_id: str) -> bytes:
    """Return the line of a tenant in the table of latest runs. No value has a comma."""
    return f"{LINES_DELIMITER.join((tenant, as_of, run_id))}\n".encode()


def partition_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns that a catalogued table is partitioned by, in order."""
    return PARTITIONS[table.name]


def data_columns(table: Table) -> tuple[Column, ...]:
    """Return a table's other columns: the catalog refuses a name in both lists."""
    keys = {column.name for column in partition_columns(table)}
    return tuple(column for column in table.columns if column.name not in keys)
