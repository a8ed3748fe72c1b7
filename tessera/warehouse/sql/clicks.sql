SELECT tenant, customer_key, event,
    CAST(occurred_at AS date) AS happened_on,
    CAST(count(*) AS bigint) AS events,
    max(occurred_at) AS last_at
FROM {events}
WHERE event IN ('VIEWED', 'SESSION', 'EMAIL_OPENED', 'EMAIL_CLICKED')
GROUP BY tenant, customer_key, event, CAST(occurred_at AS date)
