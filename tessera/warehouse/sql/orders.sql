-- Money by order, as the customer summary counts it. The replacement of orders is not repeated here.
SELECT tenant, customer_key, order_id,
    min(occurred_at) AS ordered_at,
    CAST(sum(bought) AS bigint) AS lines,
    CAST(sum(amount) AS decimal(18,4)) AS revenue
FROM (
    SELECT tenant, customer_key, occurred_at, amount, order_id,
        CASE WHEN event = 'PURCHASED' THEN 1
            WHEN event IN ('SUBSCRIBED', 'RENEWED') AND amount > 0 THEN 1
            ELSE 0 END AS bought,
        CASE WHEN event_id IS NULL THEN 1 ELSE row_number() OVER (
            PARTITION BY tenant, event_id
            ORDER BY since, upload, occurred_at, customer_key, event, amount, order_id
        ) END AS place
    FROM {events}
    WHERE event IN ('PURCHASED', 'SUBSCRIBED', 'RENEWED', 'REFUNDED', 'CANCELLED')
) AS known
WHERE place = 1
GROUP BY tenant, customer_key, order_id, CASE WHEN order_id IS NULL THEN occurred_at END
