SELECT p.tenant, p.as_of, p.run, p.cohort_month, r.is_latest,
    CAST(count(*) AS bigint) AS buyers,
    CAST(sum(p.frequency) AS bigint) AS orders,
    CAST(sum(p.monetary) AS decimal(18,2)) AS revenue,
    CAST(sum(p.historic_value) AS decimal(18,2)) AS historic_value,
    CAST(sum(p.clv_365d) AS decimal(18,2)) AS clv_365d
FROM (
    SELECT tenant, as_of, run, frequency, monetary, historic_value, clv_365d,
        CAST(date_trunc('month', first_purchase_at) AS date) AS cohort_month
    FROM {profiles}
    WHERE frequency > 0
) AS p
JOIN {runs} AS r ON r.tenant = p.tenant AND r.as_of = p.as_of AND r.run = p.run
GROUP BY p.tenant, p.as_of, p.run, p.cohort_month, r.is_latest
