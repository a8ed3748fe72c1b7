SELECT t.tenant, t.as_of, t.run, r.is_latest,
    coalesce(t.from_segment, '(new)') AS from_label,
    coalesce(t.to_segment, '(left)') AS to_label,
    t.cause,
    CAST(count(*) AS bigint) AS customers,
    CAST(sum(p.monetary) AS decimal(18,2)) AS revenue,
    CAST(sum(p.clv_365d) AS decimal(18,2)) AS clv_365d
FROM {transitions} AS t
JOIN {runs} AS r ON r.tenant = t.tenant AND r.as_of = t.as_of AND r.run = t.run
LEFT JOIN {profiles} AS p
    ON p.tenant = t.tenant AND p.as_of = t.as_of AND p.run = t.run
    AND p.customer_key = t.customer_key
GROUP BY t.tenant, t.as_of, t.run, r.is_latest, t.from_segment, t.to_segment, t.cause
