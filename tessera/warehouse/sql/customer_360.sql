SELECT c.tenant, c.customer_key, c.as_of, c.run, c.segment, c.value_tier, c.churn_band,
    c.orders, c.revenue, c.mean_order_value, c.recency_days,
    c.clv_365d, c.p_no_order_90d, c.next_order_at,
    c.views_30d, c.sessions_30d, c.last_view_days,
    t.from_segment AS moved_from, t.cause AS moved_because, c.next_products
FROM {customers} AS c
LEFT JOIN {transitions} AS t
    ON t.tenant = c.tenant AND t.as_of = c.as_of AND t.run = c.run
    AND t.customer_key = c.customer_key
