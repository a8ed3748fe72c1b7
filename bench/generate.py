"""Made-up events by the million: the guidance's 14 columns, RFC 2822 dates, skewed customers.

``python bench/generate.py ROWS FILE`` writes the same bytes for the same number of rows. Rows are
a function of their number alone, so that any engine could make them in any order.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

COLUMNS = (
    "EventName,ProductCode,ProductName,ProductDescription,UnitPrice,Quantity,CustomerID,Username,"
    "ChannelType,Address,City,State,Country,Date"
)

# A customer's number is the square of a uniform draw: the first 1 % of them get 10 % of the rows.
# There are 1,000,003 draws, so never more customers than that, whatever the number of rows.
_ROWS = """
WITH draws AS (
    SELECT i, draw(i * 2 + 1) AS a, draw(i * 2 + 1000000007) AS b FROM range({rows}) AS n(i)
), events AS (
    SELECT a, b, ({customers} * pow((a % 1000003) / 1000003.0, 2))::BIGINT AS c,
        TIMESTAMP '2022-01-01' + to_seconds(((i * 63072000.0) / {rows})::BIGINT + (b % 40)) AS t,
        CASE WHEN b % 100 < 45 THEN 0 WHEN b % 100 < 71 THEN 1 ELSE 2 END AS kind,
        (a // 7) % 5000 AS p
    FROM draws
)
SELECT ['VIEWED', 'PROCESSED', 'PURCHASED'][kind + 1] AS "EventName",
    'P' || lpad(p::VARCHAR, 5, '0') AS "ProductCode",
    ['Classic Coffee Mug', 'Organic, Yoga Mat', 'Desk Lamp', 'Ultra Backpack'][p % 4 + 1]
        AS "ProductName",
    ['Soft, durable and machine washable', 'Our best seller, now with a 2-year warranty',
     'A "must have" for every home', 'Lightweight build for daily use'][p % 4 + 1]
        AS "ProductDescription",
    (1.09 + (draw(p) % 20000) / 100)::DECIMAL(10, 2) AS "UnitPrice",
    1 + (b // 1000) % 4 AS "Quantity",
    'C' || lpad(((c * 2654435761) % 999999937)::VARCHAR, 9, '0') AS "CustomerID",
    'user-' || c AS "Username",
    ['EMAIL', 'EMAIL', 'EMAIL', 'SMS'][draw(c) % 4 + 1] AS "ChannelType",
    CASE WHEN draw(c) % 4 < 3 THEN 'customer-' || c || '@example.com'
        ELSE '+1' || (200 + draw(c) % 700) || '55501' || lpad((c % 100)::VARCHAR, 2, '0') END
        AS "Address",
    ['Example City', 'Sample Town', 'Ville d''Exemple', 'Beispielstadt'][draw(c + 1) % 4 + 1]
        AS "City",
    'Example State' AS "State",
    ['USA', 'IND', 'FRA', 'DEU'][draw(c + 1) % 4 + 1] AS "Country",
    strftime(t + to_minutes([-300, 330, 60, 120][draw(c + 1) % 4 + 1]), '%a, %d %b %Y %H:%M:%S ')
        || ['-0500', '+0530', '+0100', '+0200'][draw(c + 1) % 4 + 1] AS "Date"
FROM events
"""


def generate(rows: int, path: Path) -> Path:
    """Write a CSV of so many events, in the order of time."""
    query = _ROWS.format(rows=rows, customers=max(rows // 12, 10))
    with duckdb.connect(config={"preserve_insertion_order": True}) as db:
        db.execute("CREATE MACRO draw(x) AS (hash(x) >> 1)::BIGINT")
        db.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER true)")
    return path


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
