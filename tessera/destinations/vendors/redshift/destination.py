"""Amazon Redshift: the same tables as in PostgreSQL, loaded by COPY from the run's folder.

Documented: MERGE of a table into a table, with one clause of each kind. Transactions. COPY from
Parquet by a list of columns. A primary key is only a hint for the planner. Comparisons ignore
trailing blanks. Assumed, after the examples: MERGE names its target with the schema, and the
target's columns by the bare table name.
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
