"""The star schema on an engine: views over Parquet files, read and never written."""
