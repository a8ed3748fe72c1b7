SELECT p.tenant, p.customer_key, p.as_of, p.run,
    CAST(date_trunc('month', p.first_purchase_at) AS date) AS cohort_month,
    p.first_purchase_at, p.last_purchase_at, p.recency_days, p.tenure_days,
    p.frequency AS orders, p.monetary AS revenue, p.mean_order_value,
    p.views_30d, p.sessions_30d, p.last_view_days,
    p.r_score, p.f_score, p.m_score, p.rfm_score, p.cluster, p.segment,
    p.value_tier, p.churn_band, p.cancel_band, p.value_at_risk,
    p.loyalty_3, p.loyalty_score, p.gap_state,
    p.p_no_order_90d, p.expected_orders_365d, p.next_order_at,
    p.clv_365d, p.clv_365d_from, p.clv_365d_to, p.historic_value, p.total_value,
    p.orders_tenth, p.no_order_tenth, p.value_tenth, p.next_products
FROM {profiles} AS p
JOIN {runs} AS r
    ON r.tenant = p.tenant AND r.as_of = p.as_of AND r.run = p.run AND r.is_latest = 1
