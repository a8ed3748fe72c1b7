"""Arrow tables and their Parquet files, and the columns that models read."""
