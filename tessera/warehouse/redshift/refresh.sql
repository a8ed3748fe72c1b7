REFRESH MATERIALIZED VIEW {schema}.stream_events
