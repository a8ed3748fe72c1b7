SELECT p.tenant, p.as_of, p.run, p.customers, p.buyers, p.orders, p.revenue,
    CAST(CASE WHEN l.run IS NULL THEN 0 ELSE 1 END AS int) AS is_latest
FROM (
    SELECT tenant, as_of, run,
        CAST(count(*) AS bigint) AS customers,
        CAST(sum(CASE WHEN frequency > 0 THEN 1 ELSE 0 END) AS bigint) AS buyers,
        CAST(sum(frequency) AS bigint) AS orders,
        CAST(sum(monetary) AS decimal(18,2)) AS revenue
    FROM {profiles}
    GROUP BY tenant, as_of, run
) AS p
LEFT JOIN {latest_runs} AS l ON l.tenant = p.tenant AND l.as_of = p.as_of AND l.run = p.run
