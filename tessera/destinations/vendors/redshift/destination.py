"""Amazon Redshift: the same tables as in PostgreSQL, loaded by COPY from the run's folder.

Documented: MERGE of a table into a table, with one clause of each kind. Transactions. COPY from
Parquet by a list of columns, and from JSON by a JSONPaths file with as many paths as columns. A
missing member is null. A manifest names files that must be there. ``pg_last_copy_count()`` is the
session's last COPY. A primary key is only a hint for the planner. Comparisons ignore trailing
blanks. Assumed, after the examples: MERGE names its target with the schema, and the target's
columns by the bare table name. After users' reports: errors of COPY have the code XX000.
"""

from __future__ import annotations

import dataclasses

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.warehouse import tables as warehouse

TITLE = DESTINATIONS["redshift"].title
CAPABILITIES = dataclasses.replace(warehouse.CAPABILITIES, erases="delete")
DIALECT = warehouse.REDSHIFT

render, cleared = content.unaddressed, content.id_alone
