"""The way to Snowflake: statements over HTTPS, with tokens that KMS signs."""
