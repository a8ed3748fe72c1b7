"""Amazon Redshift: the same tables as in PostgreSQL, loaded by COPY from the run's folder.

Documented: MERGE of a table into a table, with one clause for each case; transactions; COPY from
Parquet by a list of columns; that a primary key is a note for the planner; that blanks at the end
of a text make no difference when texts are compared. Assumed: that the columns of MERGE's target
are named by its bare name, as its examples do, where the table itself is named with its schema.
"""

from __future__ import annotations

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.warehouse import tables as warehouse

TITLE = DESTINATIONS["redshift"].title
CAPABILITIES = warehouse.CAPABILITIES
DIALECT = warehouse.REDSHIFT

render, cleared = content.unaddressed, content.id_alone
