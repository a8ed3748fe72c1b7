"""PostgreSQL 15 or newer: customers, segments and transitions as tables, for BI tools.

Rows are upserted by the shop's customer id. No address is sent: BI needs none. Texts may have any
length, except the id: the primary key's index limits it to about 2,700 bytes.
"""

from __future__ import annotations

import dataclasses

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.warehouse import tables as warehouse

TITLE = DESTINATIONS["postgresql"].title
CAPABILITIES = dataclasses.replace(warehouse.CAPABILITIES, erases="delete")
DIALECT = warehouse.POSTGRESQL

render, cleared = content.unaddressed, content.id_alone
