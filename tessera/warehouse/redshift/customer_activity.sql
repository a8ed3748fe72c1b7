-- Ids meet pseudonyms here, so it is not for analysts.
CREATE OR REPLACE VIEW {schema}.customer_activity AS
SELECT c.customer_id, p.customer_key, p.segment, p.orders, p.revenue, p.clv_365d,
    p.p_no_order_90d, s.events_7d, s.last_seen_at
FROM {schema}.customers AS p
JOIN {customers_schema}.customers AS c ON c.customer_key = p.customer_key
LEFT JOIN (
    SELECT CAST(event."CustomerID" AS varchar) AS customer_id,
        count(*) AS events_7d, max(arrived_at) AS last_seen_at
    FROM {schema}.stream_events
    WHERE event IS NOT NULL AND arrived_at > dateadd(day, -7, getdate())
    GROUP BY 1
) AS s ON s.customer_id = c.customer_id
WITH NO SCHEMA BINDING
