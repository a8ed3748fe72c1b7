-- Runs of one day: the one with the most orders has the longest history, so it is the latest.
SELECT tenant, as_of, run, customers, buyers, orders, revenue,
    CAST(CASE WHEN row_number() OVER (
        PARTITION BY tenant ORDER BY as_of DESC, orders DESC, customers DESC, run
    ) = 1 THEN 1 ELSE 0 END AS int) AS is_latest
FROM (
    SELECT tenant, as_of, run,
        CAST(count(*) AS bigint) AS customers,
        CAST(sum(CASE WHEN frequency > 0 THEN 1 ELSE 0 END) AS bigint) AS buyers,
        CAST(sum(frequency) AS bigint) AS orders,
        CAST(sum(monetary) AS decimal(18,2)) AS revenue
    FROM {profiles}
    GROUP BY tenant, as_of, run
) AS counted
