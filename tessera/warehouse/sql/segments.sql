SELECT p.tenant, p.as_of, p.run, r.is_latest, p.segment_set, p.label,
    CAST(count(*) AS bigint) AS customers,
    CAST(sum(CASE WHEN p.frequency > 0 THEN 1 ELSE 0 END) AS bigint) AS buyers,
    CAST(sum(p.frequency) AS bigint) AS orders,
    CAST(sum(p.monetary) AS decimal(18,2)) AS revenue,
    CAST(sum(p.clv_365d) AS decimal(18,2)) AS clv_365d,
    CAST(avg(p.p_no_order_90d) AS double precision) AS p_no_order_90d
FROM (
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'rfm' AS segment_set, segment AS label
    FROM {profiles}
    UNION ALL
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'value_tier' AS segment_set, value_tier AS label
    FROM {profiles} WHERE value_tier IS NOT NULL
    UNION ALL
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'churn_band' AS segment_set, churn_band AS label
    FROM {profiles} WHERE churn_band IS NOT NULL
    UNION ALL
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'cancel_band' AS segment_set, cancel_band AS label
    FROM {profiles} WHERE cancel_band IS NOT NULL
    UNION ALL
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'value_at_risk' AS segment_set, value_at_risk AS label
    FROM {profiles} WHERE value_at_risk IS NOT NULL
    UNION ALL
    SELECT tenant, as_of, run, frequency, monetary, clv_365d, p_no_order_90d,
        'loyalty_3' AS segment_set, loyalty_3 AS label
    FROM {profiles} WHERE loyalty_3 IS NOT NULL
) AS p
JOIN {runs} AS r ON r.tenant = p.tenant AND r.as_of = p.as_of AND r.run = p.run
GROUP BY p.tenant, p.as_of, p.run, r.is_latest, p.segment_set, p.label
