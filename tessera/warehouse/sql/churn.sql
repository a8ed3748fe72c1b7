SELECT p.tenant, p.as_of, p.run, r.is_latest, p.churn_band, p.no_order_tenth,
    CAST(count(*) AS bigint) AS buyers,
    CAST(avg(p.p_no_order_90d) AS double precision) AS p_no_order_90d,
    CAST(sum(p.p_no_order_90d) AS double precision) AS expected_lost_90d,
    CAST(sum(p.monetary) AS decimal(18,2)) AS revenue,
    CAST(sum(p.clv_365d) AS decimal(18,2)) AS clv_365d
FROM {profiles} AS p
JOIN {runs} AS r ON r.tenant = p.tenant AND r.as_of = p.as_of AND r.run = p.run
WHERE p.frequency > 0
GROUP BY p.tenant, p.as_of, p.run, r.is_latest, p.churn_band, p.no_order_tenth
