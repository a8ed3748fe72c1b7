"""Snowflake: customers, segments and transitions as tables, by SQL statements over HTTPS.

Documented: a MERGE is one transaction, takes several clauses, and answers how many rows each kind
of clause changed. It fails if two rows of its source match one row, but inserts both where none
matches. A primary key is not enforced. Unquoted names are in upper case, so ours are. A VARIANT
null becomes NULL when it is cast to VARCHAR. A value bound as TEXT has at most 16 MB.
Assumed: a request with 4 MB of bound text is accepted.

References
----------
docs.snowflake.com: sql-reference/sql/merge, sql-reference/functions/flatten,
sql-reference/identifiers-syntax, sql-reference/bind-variables, developer-guide/sql-api.
"""

from __future__ import annotations

import dataclasses

from tessera.contracts.destinations import DESTINATIONS, SNOWFLAKE
from tessera.destinations import content
from tessera.destinations.warehouse import tables as warehouse

TITLE = DESTINATIONS[SNOWFLAKE].title
CAPABILITIES = dataclasses.replace(
    warehouse.CAPABILITIES,
    batch_items=2_000,
    batch_bytes=4_000_000,
    item_overhead_bytes=200,
    calls_a_batch=4,
    exchange_seconds=120,
    erases="delete",
)
DIALECT = warehouse.SNOWFLAKE

render, cleared = content.unaddressed, content.id_alone
