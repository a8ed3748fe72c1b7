"""A stand-in for Snowflake's SQL API: it verifies each request, and runs the SQL on DuckDB."""
