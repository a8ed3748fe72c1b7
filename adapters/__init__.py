"""The only boto3, awswrangler, HTTP, DuckDB and Spark."""
