-- Refreshed by the clock alone: a view that refreshes by itself keeps the warehouse awake.
-- JSON is parsed once. What is no JSON stays beside it as text.
CREATE MATERIALIZED VIEW {schema}.stream_events AUTO REFRESH NO AS
SELECT approximate_arrival_timestamp AS arrived_at, shard_id, sequence_number, refresh_time,
    CASE WHEN can_json_parse(kinesis_data) THEN json_parse(kinesis_data) END AS event,
    CASE WHEN NOT can_json_parse(kinesis_data) THEN from_varbyte(kinesis_data, 'utf-8') END AS broken
FROM {stream}."{stream_name}"
WHERE is_utf8(kinesis_data)
