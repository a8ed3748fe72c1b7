SELECT m.tenant, m.as_of, m.run, r.is_latest, m.name, m.role, m.holdout_days, m.customers,
    m.predicted, m.actual, m.total_error, m.mae, m.rmse, m.auc
FROM {model_cards} AS m
JOIN {runs} AS r ON r.tenant = m.tenant AND r.as_of = m.as_of AND r.run = m.run
